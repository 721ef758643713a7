import { describe, expect, test } from 'vitest';
import { type BytesLike, type ReadOptions, type RocksDB, WriteBatch } from '../../lib/rocksdb.ts';
import { codeOf } from '../support/rocksdb-error.ts';
import { numberedKey, text } from '../support/text.ts';
import { withDb } from '../support/with-db.ts';

type MultiGet = (db: RocksDB, keys: BytesLike[], options?: ReadOptions) => Promise<(Uint8Array | undefined)[]>;

const KINDS: Readonly<Record<string, MultiGet>> = {
  multiGet: async (db, keys, options) => db.multiGet(keys, options),
  multiGetAsync: (db, keys, options) => db.multiGetAsync(keys, options),
};

describe.each(Object.entries(KINDS))('%s', (_kind, multiGet) => {
  test('answers in the order of the keys, with undefined for absent ones', () =>
    withDb(async (db) => {
      db.put('a', '1');
      db.put('b', '');
      db.put('c', '3');
      const values = await multiGet(db, ['c', 'none', 'b', 'a', 'c']);
      expect(values.map((value) => text(value))).toEqual(['3', undefined, '', '1', '3']);
    }));

  test('answers nothing for no keys', () =>
    withDb(async (db) => {
      expect(await multiGet(db, [])).toEqual([]);
    }));

  test('answers thousands of keys in any order, some twice and some absent', () =>
    withDb(async (db) => {
      for (let i = 0; i < 3000; i++) {
        db.put(numberedKey(i), String(i));
      }
      await db.flush();
      const numbers = Array.from({ length: 5000 }, (_, i) => (i * 7919) % 4001);
      const values = await multiGet(db, numbers.map(numberedKey));
      expect(values.map((value) => text(value))).toEqual(numbers.map((i) => (i < 3000 ? String(i) : undefined)));
    }));

  test('sees all keys at one moment, though many threads read them', () =>
    withDb(async (db) => {
      const keys = Array.from({ length: 1000 }, (_, i) => numberedKey(i));
      const family = db.columnFamily('default');
      const write = (round: number) => {
        const batch = new WriteBatch();
        for (const key of keys) {
          batch.put(family, key, String(round));
        }
        return db.writeAsync(batch);
      };
      await write(0);
      for (let round = 1; round <= 50; round++) {
        const written = write(round);
        const values = await multiGet(db, keys);
        expect(new Set(values.map((value) => text(value))).size).toBe(1);
        await written;
      }
    }));

  test('takes the empty key', () =>
    withDb(async (db) => {
      db.put('', 'empty');
      expect((await multiGet(db, ['', 'a'])).map((value) => text(value))).toEqual(['empty', undefined]);
    }));

  test('reads the family it is given', () =>
    withDb(
      async (db) => {
        const columnFamily = db.columnFamily('other');
        db.put('a', 'default');
        db.put('a', 'other', { columnFamily });
        expect((await multiGet(db, ['a'], { columnFamily })).map((value) => text(value))).toEqual(['other']);
      },
      { columnFamilies: { other: {} } },
    ));

  test('reads keys and values that are larger together than the call buffer', () =>
    withDb(async (db) => {
      const keys = Array.from({ length: 3000 }, (_, i) => numberedKey(i));
      for (const key of keys) {
        db.put(key, `${key} `.repeat(20));
      }
      await db.flush();
      expect((await multiGet(db, keys)).map((value) => text(value))).toEqual(keys.map((key) => `${key} `.repeat(20)));
      expect((await multiGet(db, keys.slice(0, 2))).length).toBe(2);
    }));

  test('reads single values that are larger than the call buffer', () =>
    withDb(async (db) => {
      const large = new Uint8Array(6 * 1024 * 1024).fill(7);
      db.put('a', large);
      db.put('b', 'small');
      const values = await multiGet(db, ['a', 'none', 'b']);
      expect(Buffer.compare(values[0] as Uint8Array, large)).toBe(0);
      expect(values.slice(1).map((value) => text(value))).toEqual([undefined, 'small']);
      expect(text(db.get('b'))).toBe('small');
    }));

  test('refuses an unknown family', () =>
    withDb(async (db) => {
      const columnFamily = { name: 'made up', number: 5 };
      expect(await codeOf(() => multiGet(db, ['a'], { columnFamily }))).toBe('ERR_ROCKSDB_UNKNOWN_COLUMN_FAMILY');
    }));
});
