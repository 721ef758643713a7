import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { codeOf } from '../support/rocksdb-error.ts';
import { entriesOf, keysOf, numberedKey } from '../support/text.ts';
import { withDb } from '../support/with-db.ts';

describe('a checkpoint', () => {
  test('is a database of its own, with all families and what was in memory', () =>
    withDb(
      async (db, { directory, open }) => {
        db.put('flushed', '1');
        await db.flush();
        db.put('in memory', '2', { columnFamily: db.columnFamily('other') });
        await db.createCheckpoint(join(directory, 'checkpoint'));
        db.put('later', '3');
        const copy = await open({}, 'checkpoint');
        expect(entriesOf(copy)).toEqual(['flushed=1']);
        expect(entriesOf(copy, { columnFamily: copy.columnFamily('other') })).toEqual(['in memory=2']);
        copy.put('own', '4');
        expect(keysOf(db)).toEqual(['flushed', 'later']);
      },
      { columnFamilies: { other: {} } },
    ));

  test('holds what is in memory without a write-ahead log as well', () =>
    withDb(
      async (db, { directory, open }) => {
        db.put('a', '1');
        await db.createCheckpoint(join(directory, 'checkpoint'));
        expect(entriesOf(await open({}, 'checkpoint'))).toEqual(['a=1']);
      },
      { disableWal: true },
    ));

  test('links the table files instead of copying them', () =>
    withDb(async (db, { directory }) => {
      db.put('a', '1');
      await db.flush();
      await db.createCheckpoint(join(directory, 'checkpoint'));
      const files = await db.liveFiles();
      expect(files).toHaveLength(1);
      for (const { name } of files) {
        const [own, linked] = await Promise.all([stat(join(db.path, name)), stat(join(directory, 'checkpoint', name))]);
        expect(linked.ino).toBe(own.ino);
      }
    }));

  test('outlives the database’s compactions and its end', () =>
    withDb(async (db, { directory, open }) => {
      db.put('a', '1');
      await db.createCheckpoint(join(directory, 'checkpoint'));
      db.delete('a');
      await db.compactRange();
      await db.close();
      expect(entriesOf(await open({}, 'checkpoint'))).toEqual(['a=1']);
    }));

  test('may be taken while writes go on, and is of one moment', () =>
    withDb(async (db, { directory, open }) => {
      const taken: Promise<void>[] = [];
      for (let i = 0; i < 1000; i++) {
        db.put(numberedKey(i), '');
        if (i === 500) {
          taken.push(db.createCheckpoint(join(directory, 'checkpoint')));
        }
      }
      await Promise.all(taken);
      const keys = keysOf(await open({}, 'checkpoint'));
      expect(keys.length).toBeGreaterThan(500);
      expect(keys).toEqual(keys.map((_, i) => numberedKey(i)));
    }));

  test('is refused in a directory that exists, or below one that does not', () =>
    withDb(async (db, { directory }) => {
      await mkdir(join(directory, 'there'));
      expect(await codeOf(() => db.createCheckpoint(join(directory, 'there')))).toBe('ERR_ROCKSDB_INVALID_ARGUMENT');
      expect(await codeOf(() => db.createCheckpoint(join(directory, 'not', 'there')))).toBe('ERR_ROCKSDB_IO_ERROR');
    }));
});
