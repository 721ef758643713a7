import { describe, expect, test } from 'vitest';
import { type RocksDB, WriteBatch } from '../../lib/rocksdb.ts';
import { codeOf } from '../support/rocksdb-error.ts';
import { entriesOf, keysOf, text } from '../support/text.ts';
import { withDb } from '../support/with-db.ts';

const WRITES: Readonly<Record<string, (db: RocksDB, batch: WriteBatch) => Promise<void>>> = {
  write: async (db, batch) => db.write(batch),
  writeAsync: (db, batch) => db.writeAsync(batch),
};

describe.each(Object.entries(WRITES))('%s', (_kind, write) => {
  test('applies every kind of update, in order', () =>
    withDb(async (db) => {
      const family = db.columnFamily('default');
      for (const key of ['gone', 'range-1', 'range-2', 'range-3', 'list']) {
        db.put(key, 'before');
      }
      const batch = new WriteBatch()
        .put(family, 'new', '1')
        .put(family, 'new', '2')
        .merge(family, 'list', 'after')
        .delete(family, 'gone')
        .deleteRange(family, 'range-1', 'range-3')
        .put(family, 'range-2', 'again');
      expect(batch.count).toBe(6);
      await write(db, batch);
      expect(entriesOf(db)).toEqual(['list=before,after', 'new=2', 'range-2=again', 'range-3=before']);
    }));

  test('writes to several families at once', () =>
    withDb(
      async (db) => {
        const batch = new WriteBatch();
        for (const family of db.columnFamilies) {
          batch.put(family, 'name', family.name).merge(family, 'list', 'x').put(family, 'b', '').delete(family, 'b');
          batch.put(family, 'r', '').deleteRange(family, 'q', 's');
        }
        await write(db, batch);
        for (const columnFamily of db.columnFamilies) {
          expect(entriesOf(db, { columnFamily })).toEqual(['list=x', `name=${columnFamily.name}`]);
        }
      },
      { columnFamilies: { a: {}, b: {} } },
    ));

  test('takes families with numbers, and keys and values with lengths, of more than 7 bits', () =>
    withDb(async (db) => {
      let columnFamily = db.columnFamily('default');
      while (columnFamily.number < 130) {
        columnFamily = db.createColumnFamilySync(`family-${columnFamily.number}`);
        await db.dropColumnFamily(columnFamily);
      }
      columnFamily = db.createColumnFamilySync('kept');
      const sizes = [127, 128, 129, 16_383, 16_384, 100_000];
      const batch = new WriteBatch();
      for (const size of sizes) {
        batch.put(columnFamily, 'k'.repeat(size), 'v'.repeat(size));
        batch.put(columnFamily, `d${'k'.repeat(size)}`, '').delete(columnFamily, `d${'k'.repeat(size)}`);
      }
      await write(db, batch);
      expect(columnFamily.number).toBeGreaterThan(127);
      expect(keysOf(db, { columnFamily }).map((key) => key.length)).toEqual(sizes);
      for (const size of sizes) {
        expect(db.get('k'.repeat(size), { columnFamily })?.length).toBe(size);
      }
    }));

  test('applies nothing when one update names an unknown family', () =>
    withDb(async (db) => {
      const family = db.columnFamily('default');
      const unknown = { name: 'made up', number: 99 };
      for (const batch of [
        new WriteBatch().put(family, 'a', '1').put(unknown, 'b', '2').put(family, 'c', '3'),
        new WriteBatch().put(family, 'a', '1').merge(unknown, 'b', '2'),
        new WriteBatch().put(family, 'a', '1').delete(unknown, 'b'),
        new WriteBatch().put(family, 'a', '1').deleteRange(unknown, 'b', 'c'),
      ]) {
        expect(await codeOf(() => write(db, batch))).toBe('ERR_ROCKSDB_UNKNOWN_COLUMN_FAMILY');
      }
      expect(keysOf(db)).toEqual([]);
      db.put('still', 'writable');
      expect(keysOf(db)).toEqual(['still']);
    }));

  test('applies nothing when a range ends before it begins, and takes an empty range', () =>
    withDb(async (db) => {
      const family = db.columnFamily('default');
      const backward = new WriteBatch().put(family, 'a', '1').deleteRange(family, 'z', 'b');
      expect(await codeOf(() => write(db, backward))).toBe('ERR_ROCKSDB_INVALID_ARGUMENT');
      expect(keysOf(db)).toEqual([]);
      await write(db, new WriteBatch().put(family, 'a', '1').deleteRange(family, 'a', 'a'));
      expect(keysOf(db)).toEqual(['a']);
    }));

  test('takes an empty batch', () =>
    withDb(async (db) => {
      await write(db, new WriteBatch());
      expect(keysOf(db)).toEqual([]);
    }));

  test('is found again after a restart', () =>
    withDb(async (db, { open }) => {
      await write(
        db,
        new WriteBatch().put(db.columnFamily('default'), 'a', '1').delete(db.columnFamily('default'), 'b'),
      );
      await db.close();
      expect(entriesOf(await open())).toEqual(['a=1']);
    }));
});

test('a batch can be written again, added to, and cleared', () =>
  withDb((db) => {
    const family = db.columnFamily('default');
    const batch = new WriteBatch().merge(family, 'list', '1');
    db.write(batch);
    db.write(batch);
    expect(text(db.get('list'))).toBe('1,1');
    batch.clear();
    expect(batch.count).toBe(0);
    expect(batch.sizeBytes).toBe(new WriteBatch().sizeBytes);
    db.write(batch.merge(family, 'list', '2'));
    expect(text(db.get('list'))).toBe('1,1,2');
  }));

test('a batch may be changed while it is being written asynchronously', () =>
  withDb(async (db) => {
    const family = db.columnFamily('default');
    const batch = new WriteBatch();
    const writes: Promise<void>[] = [];
    for (let i = 0; i < 100; i++) {
      batch.clear();
      writes.push(db.writeAsync(batch.put(family, `key-${i}`, String(i))));
    }
    await Promise.all(writes);
    expect(keysOf(db)).toHaveLength(100);
    expect(text(db.get('key-42'))).toBe('42');
  }));
