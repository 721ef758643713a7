import { describe, expect, test } from 'vitest';
import type { RocksDB } from '../../lib/rocksdb.ts';
import { codeOf } from '../support/rocksdb-error.ts';
import { keysOf, numberedKey } from '../support/text.ts';
import { withDb } from '../support/with-db.ts';

function fill(db: RocksDB, from: number, to: number): void {
  for (let i = from; i < to; i++) {
    db.put(numberedKey(i), 'value');
  }
}

describe('deleteRange', () => {
  test('deletes from the lower bound up to the upper one, which stays', () =>
    withDb((db) => {
      fill(db, 0, 10);
      db.deleteRange(numberedKey(2), numberedKey(8));
      expect(keysOf(db)).toEqual([0, 1, 8, 9].map(numberedKey));
      expect(db.get(numberedKey(5))).toBeUndefined();
      expect(db.multiGet([numberedKey(5)])).toEqual([undefined]);
    }));

  test('leaves other families alone', () =>
    withDb(
      (db) => {
        const columnFamily = db.columnFamily('other');
        for (const family of db.columnFamilies) {
          db.put('a', '1', { columnFamily: family });
        }
        db.deleteRange('a', 'b', { columnFamily });
        expect(keysOf(db, { columnFamily })).toEqual([]);
        expect(keysOf(db)).toEqual(['a']);
      },
      { columnFamilies: { other: {} } },
    ));

  test('refuses a range that ends before it begins, and the database stays writable', () =>
    withDb(async (db) => {
      expect(await codeOf(() => db.deleteRange('b', 'a'))).toBe('ERR_ROCKSDB_INVALID_ARGUMENT');
      db.put('a', '1');
      expect(keysOf(db)).toEqual(['a']);
    }));
});

describe('deleteFilesInRange', () => {
  // One file for each hundred keys, in a level in which files do not overlap.
  async function fillFiles(db: RocksDB): Promise<void> {
    for (let hundred = 0; hundred < 3; hundred++) {
      fill(db, 100 * hundred, 100 * (hundred + 1));
      await db.flush();
      await db.compactRange({ lower: numberedKey(100 * hundred), upper: numberedKey(100 * hundred + 99) });
    }
    expect(await db.liveFiles()).toHaveLength(3);
  }

  test('drops the files that lie wholly in the range, and only those', () =>
    withDb(async (db) => {
      await fillFiles(db);
      await db.deleteFilesInRange({ lower: numberedKey(50), upper: numberedKey(250) });
      expect(await db.liveFiles()).toHaveLength(2);
      expect(keysOf(db)).toHaveLength(200);
      expect(db.get(numberedKey(150))).toBeUndefined();
    }));

  test('keeps a file whose last key is the upper bound, which is exclusive', () =>
    withDb(async (db) => {
      await fillFiles(db);
      await db.deleteFilesInRange({ lower: numberedKey(100), upper: numberedKey(199) });
      expect(await db.liveFiles()).toHaveLength(3);
    }));

  test('drops everything for an open range, and nothing for an empty one', () =>
    withDb(async (db) => {
      await fillFiles(db);
      await db.deleteFilesInRange({ upper: '' });
      expect(keysOf(db)).toHaveLength(300);
      await db.deleteFilesInRange();
      expect(keysOf(db)).toHaveLength(0);
    }));
});
