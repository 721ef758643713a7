import { describe, expect, test } from 'vitest';
import type { ColumnFamily, RocksDB } from '../../lib/rocksdb.ts';
import { text } from '../support/text.ts';
import { withDb } from '../support/with-db.ts';

interface Where {
  readonly columnFamily?: ColumnFamily;
}

/** The point calls of one kind, so that both kinds are held to the same. */
interface Calls {
  get(db: RocksDB, key: string | Uint8Array, where?: Where): Promise<Uint8Array | undefined>;
  put(db: RocksDB, key: string | Uint8Array, value: string | Uint8Array, where?: Where): Promise<void>;
  merge(db: RocksDB, key: string, operand: string, where?: Where): Promise<void>;
  delete(db: RocksDB, key: string, where?: Where): Promise<void>;
}

const KINDS: Readonly<Record<string, Calls>> = {
  synchronous: {
    get: async (db, key, where) => db.get(key, where),
    put: async (db, key, value, where) => db.put(key, value, where),
    merge: async (db, key, operand, where) => db.merge(key, operand, where),
    delete: async (db, key, where) => db.delete(key, where),
  },
  asynchronous: {
    get: (db, key, where) => db.getAsync(key, where),
    put: (db, key, value, where) => db.putAsync(key, value, where),
    merge: (db, key, operand, where) => db.mergeAsync(key, operand, where),
    delete: (db, key, where) => db.deleteAsync(key, where),
  },
};

const KIBIBYTE = 1024;

function patterned(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => i % 251);
}

describe.each(Object.entries(KINDS))('%s point calls', (_kind, calls) => {
  test('read what was put, merged and deleted', () =>
    withDb(async (db) => {
      await calls.put(db, 'a', '1');
      expect(text(await calls.get(db, 'a'))).toBe('1');
      await calls.put(db, 'a', '2');
      expect(text(await calls.get(db, 'a'))).toBe('2');
      await calls.merge(db, 'a', '3');
      await calls.merge(db, 'a', '4');
      expect(text(await calls.get(db, 'a'))).toBe('2,3,4');
      await calls.delete(db, 'a');
      expect(await calls.get(db, 'a')).toBeUndefined();
    }));

  test('merge onto an absent key, and join across flushes and compactions', () =>
    withDb(async (db) => {
      for (const operand of ['1', '2', '3']) {
        await calls.merge(db, 'list', operand);
        await db.flush();
      }
      expect(text(await calls.get(db, 'list'))).toBe('1,2,3');
      await db.compactRange();
      expect(text(await calls.get(db, 'list'))).toBe('1,2,3');
    }));

  test('keep to the family they are given', () =>
    withDb(
      async (db) => {
        const columnFamily = db.columnFamily('other');
        await calls.put(db, 'a', 'default');
        await calls.put(db, 'a', 'other', { columnFamily });
        await calls.merge(db, 'a', 'more', { columnFamily });
        expect(text(await calls.get(db, 'a'))).toBe('default');
        expect(text(await calls.get(db, 'a', { columnFamily }))).toBe('other,more');
        await calls.delete(db, 'a', { columnFamily });
        expect(await calls.get(db, 'a', { columnFamily })).toBeUndefined();
        expect(text(await calls.get(db, 'a'))).toBe('default');
      },
      { columnFamilies: { other: {} } },
    ));

  test('tell an empty value from an absent one', () =>
    withDb(async (db) => {
      await calls.put(db, 'a', '');
      expect(await calls.get(db, 'a')).toEqual(new Uint8Array());
      expect(await calls.get(db, 'b')).toBeUndefined();
    }));

  test('take the empty key, and keys of any bytes', () =>
    withDb(async (db) => {
      await calls.put(db, '', 'empty');
      await calls.put(db, Uint8Array.of(0, 255, 0), Uint8Array.of(255, 0, 255));
      expect(text(await calls.get(db, ''))).toBe('empty');
      expect(await calls.get(db, Uint8Array.of(0, 255, 0))).toEqual(Uint8Array.of(255, 0, 255));
    }));

  test('take a string for its UTF-8 bytes', () =>
    withDb(async (db) => {
      await calls.put(db, 'ключ', 'значение 🐋');
      expect(text(await calls.get(db, Buffer.from('ключ')))).toBe('значение 🐋');
    }));

  test('take a view into a larger buffer for its own bytes only', () =>
    withDb(async (db) => {
      const bytes = patterned(20);
      await calls.put(db, bytes.subarray(3, 6), bytes.subarray(10, 15));
      expect(await calls.get(db, Uint8Array.of(3, 4, 5))).toEqual(Uint8Array.of(10, 11, 12, 13, 14));
    }));

  // The call buffer is 16 KiB at first, grows as needed, and is given back when it is larger than 4 MiB.
  test.each([16 * KIBIBYTE - 64, 16 * KIBIBYTE, 17 * KIBIBYTE, 1000 * KIBIBYTE, 5000 * KIBIBYTE])(
    'carry a value of %i bytes, and small ones after it',
    (length) =>
      withDb(async (db) => {
        const value = patterned(length);
        await calls.put(db, 'small', 'fish');
        await calls.put(db, 'large', value);
        for (let round = 0; round < 2; round++) {
          expect(Buffer.compare((await calls.get(db, 'large')) as Uint8Array, value)).toBe(0);
          expect(text(await calls.get(db, 'small'))).toBe('fish');
        }
        await db.flush();
        expect(Buffer.compare((await calls.get(db, 'large')) as Uint8Array, value)).toBe(0);
      }),
  );

  test('carry a large key', () =>
    withDb(async (db) => {
      const key = patterned(100 * KIBIBYTE);
      await calls.put(db, key, 'value');
      expect(text(await calls.get(db, key))).toBe('value');
      expect(await calls.get(db, key.subarray(1))).toBeUndefined();
    }));

  test('refuse a key that is neither bytes nor a string', () =>
    withDb(async (db) => {
      const wrong = { name: 'TypeError', code: 'ERR_INVALID_BYTES' };
      await expect(calls.get(db, 5 as unknown as string)).rejects.toMatchObject(wrong);
      await expect(calls.put(db, 'a', null as unknown as string)).rejects.toMatchObject(wrong);
    }));
});

test('a value that was read is the reader’s own', () =>
  withDb((db) => {
    db.put('a', 'first');
    const value = db.get('a') as Uint8Array;
    db.put('b', 'other');
    db.get('b');
    expect(text(value)).toBe('first');
    value.fill(0);
    expect(text(db.get('a'))).toBe('first');
  }));

test('memory that a large value needed is given back with the next call', () =>
  withDb((db) => {
    const before = db.calls.output.bytes.length;
    db.put('large', new Uint8Array(5 * KIBIBYTE * KIBIBYTE));
    expect(db.get('large')?.length).toBe(5 * KIBIBYTE * KIBIBYTE);
    expect(db.calls.output.bytes.length).toBeGreaterThan(before);
    db.get('small');
    expect(db.calls.output.bytes.length).toBe(before);
  }));

test('many asynchronous calls may be under way at once, each with its own key and value', () =>
  withDb(async (db) => {
    const numbers = Array.from({ length: 500 }, (_, i) => String(i));
    await Promise.all(numbers.map((number) => db.putAsync(`key-${number}`, number)));
    expect((await Promise.all(numbers.map((number) => db.getAsync(`key-${number}`)))).map((v) => text(v))).toEqual(
      numbers,
    );
  }));
