import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { codeOf, rocksDBErrorOf } from '../support/rocksdb-error.ts';
import { keysOf, numberedKey, text } from '../support/text.ts';
import { withDb } from '../support/with-db.ts';

describe('flush', () => {
  test('writes the memtables of all families to files', () =>
    withDb(
      async (db) => {
        for (const columnFamily of db.columnFamilies) {
          db.put('a', '1', { columnFamily });
        }
        expect(await db.liveFiles()).toEqual([]);
        await db.flush();
        const families = (await db.liveFiles()).map((file) => file.columnFamily).sort();
        expect(families).toEqual(['default', 'first', 'second']);
      },
      { columnFamilies: { first: {}, second: {} } },
    ));

  test('makes no file when there is nothing to write', () =>
    withDb(async (db) => {
      await db.flush();
      expect(await db.liveFiles()).toEqual([]);
    }));

  test('may go on beside writes, reads and other flushes', () =>
    withDb(async (db) => {
      const work: Promise<unknown>[] = [];
      for (let i = 0; i < 200; i++) {
        db.put(numberedKey(i), 'value');
        if (i % 20 === 0) {
          work.push(db.flush(), db.getAsync(numberedKey(i)));
        }
      }
      await Promise.all(work);
      expect(keysOf(db)).toHaveLength(200);
    }));
});

describe('liveFiles', () => {
  test('describes each file', () =>
    withDb(async (db) => {
      db.put('a', '1');
      db.put('m', '2');
      db.delete('z');
      await db.flush();
      const [file] = await db.liveFiles();
      expect(file).toMatchObject({
        columnFamily: 'default',
        directory: db.path,
        level: 0,
        entries: 3,
        deletions: 1,
        beingCompacted: false,
      });
      expect([text(file?.smallestKey), text(file?.largestKey)]).toEqual(['a', 'z']);
      expect(file?.sizeBytes).toBe((await stat(join(db.path, file?.name ?? ''))).size);
    }));
});

describe('compactRange', () => {
  test('leaves nothing deleted or overwritten behind', () =>
    withDb(async (db) => {
      for (let round = 0; round < 3; round++) {
        db.put('kept', String(round));
        db.put('gone', '1');
        db.delete('gone');
        await db.flush();
      }
      await db.compactRange();
      expect(await db.liveFiles()).toMatchObject([{ entries: 1, deletions: 0 }]);
      expect(text(db.get('kept'))).toBe('2');
    }));

  test('does so even with a single file, which RocksDB would rather move', () =>
    withDb(async (db) => {
      db.put('kept', '1');
      db.delete('gone');
      await db.flush();
      await db.compactRange();
      expect(await db.liveFiles()).toMatchObject([{ entries: 1, deletions: 0 }]);
    }));

  test('rewrites only the files that the range touches', () =>
    withDb(async (db) => {
      for (const key of ['a', 'z']) {
        db.put(key, '1');
        await db.flush();
        await db.compactRange({ lower: key, upper: key });
      }
      const before = new Map((await db.liveFiles()).map((file) => [text(file.smallestKey), file.name]));
      await db.compactRange({ lower: 'm' });
      const after = new Map((await db.liveFiles()).map((file) => [text(file.smallestKey), file.name]));
      expect(after.get('a')).toBe(before.get('a'));
      expect(after.get('z')).not.toBe(before.get('z'));
    }));
});

describe('property', () => {
  test('answers by RocksDB’s name, per family', () =>
    withDb(
      async (db) => {
        const columnFamily = db.columnFamily('other');
        db.put('a', '1', { columnFamily });
        db.put('b', '1', { columnFamily });
        expect(await db.property('rocksdb.estimate-num-keys', { columnFamily })).toBe('2');
        expect(await db.property('rocksdb.estimate-num-keys')).toBe('0');
        expect(await db.property('rocksdb.stats')).toContain('Compaction Stats');
      },
      { columnFamilies: { other: {} } },
    ));

  test('fails for a name that RocksDB does not know, and says the name', () =>
    withDb(async (db) => {
      const error = await rocksDBErrorOf(() => db.property('rocksdb.no-such-property'));
      expect(error.code).toBe('ERR_ROCKSDB_NOT_FOUND');
      expect(error.message).toContain('rocksdb.no-such-property');
      expect(await codeOf(() => db.property(''))).toBe('ERR_ROCKSDB_NOT_FOUND');
    }));
});

test('resume does nothing when there was no background error', () =>
  withDb(async (db) => {
    await db.resume();
    db.put('a', '1');
    expect(keysOf(db)).toEqual(['a']);
  }));
