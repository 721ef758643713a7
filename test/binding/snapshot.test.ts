import { describe, expect, test } from 'vitest';
import { codeOf } from '../support/rocksdb-error.ts';
import { entriesOf, text } from '../support/text.ts';
import { withDb } from '../support/with-db.ts';

const CLOSED = 'ERR_ROCKSDB_CLOSED';

describe('a snapshot', () => {
  test('shows every kind of read the database of its moment', () =>
    withDb(async (db) => {
      db.put('a', 'old');
      db.put('b', 'old');
      const snapshot = db.snapshot();
      db.put('a', 'new');
      db.delete('b');
      db.put('c', 'new');
      await db.flush();
      await db.compactRange();
      expect(text(db.get('a', { snapshot }))).toBe('old');
      expect(text(await db.getAsync('b', { snapshot }))).toBe('old');
      expect(db.get('c', { snapshot })).toBeUndefined();
      expect(db.multiGet(['a', 'b', 'c'], { snapshot }).map((value) => text(value))).toEqual(['old', 'old', undefined]);
      expect((await db.multiGetAsync(['c', 'a'], { snapshot })).map((value) => text(value))).toEqual([
        undefined,
        'old',
      ]);
      expect(entriesOf(db, { snapshot })).toEqual(['a=old', 'b=old']);
      expect(entriesOf(db, { snapshot, backward: true })).toEqual(['b=old', 'a=old']);
      expect(entriesOf(db)).toEqual(['a=new', 'c=new']);
    }));

  test('covers all families', () =>
    withDb(
      (db) => {
        const columnFamily = db.columnFamily('other');
        db.put('a', 'old', { columnFamily });
        const snapshot = db.snapshot();
        db.put('a', 'new', { columnFamily });
        expect(text(db.get('a', { columnFamily, snapshot }))).toBe('old');
      },
      { columnFamilies: { other: {} } },
    ));

  test('is one of many, each of its own moment', () =>
    withDb((db) => {
      const snapshots = Array.from({ length: 50 }, (_, i) => {
        db.put('a', String(i));
        return db.snapshot();
      });
      expect(snapshots.map((snapshot) => text(db.get('a', { snapshot })))).toEqual(snapshots.map((_, i) => String(i)));
      const numbers = snapshots.map((snapshot) => snapshot.sequenceNumber);
      expect(numbers).toEqual([...numbers].sort((x, y) => Number(x - y)));
    }));

  test('is counted by RocksDB until it is released', () =>
    withDb(async (db) => {
      const snapshot = db.snapshot();
      expect(await db.property('rocksdb.num-snapshots')).toBe('1');
      snapshot.release();
      expect(await db.property('rocksdb.num-snapshots')).toBe('0');
    }));

  test('cannot be used once it is released', () =>
    withDb(async (db) => {
      db.put('a', '1');
      const snapshot = db.snapshot();
      snapshot.release();
      snapshot.release();
      snapshot[Symbol.dispose]();
      expect(await codeOf(() => db.get('a', { snapshot }))).toBe(CLOSED);
      expect(await codeOf(() => db.getAsync('a', { snapshot }))).toBe(CLOSED);
      expect(await codeOf(() => db.multiGet(['a'], { snapshot }))).toBe(CLOSED);
      expect(await codeOf(() => db.multiGetAsync(['a'], { snapshot }))).toBe(CLOSED);
      expect(await codeOf(() => db.scan({ snapshot }))).toBe(CLOSED);
      expect(text(db.get('a'))).toBe('1');
    }));

  test('may be released while reads and scans use it', () =>
    withDb(async (db) => {
      db.put('a', 'old');
      const snapshot = db.snapshot();
      db.put('a', 'new');
      const scan = db.scan({ snapshot });
      const read = db.getAsync('a', { snapshot });
      snapshot.release();
      expect(text(await read)).toBe('old');
      expect(Array.from(scan, ({ value }) => text(value))).toEqual(['old']);
    }));

  test('of another database is refused', () =>
    withDb(async (db, { open }) => {
      const other = await open({}, 'other');
      const snapshot = db.snapshot();
      const own = other.snapshot();
      expect(await codeOf(() => other.get('a', { snapshot }))).toBe(CLOSED);
      expect(await codeOf(() => other.scan({ snapshot }))).toBe(CLOSED);
      expect(other.get('a', { snapshot: own })).toBeUndefined();
    }));

  test('may outlive its database', () =>
    withDb(async (db) => {
      const snapshot = db.snapshot();
      await db.close();
      expect(typeof snapshot.sequenceNumber).toBe('bigint');
      snapshot.release();
    }));
});
