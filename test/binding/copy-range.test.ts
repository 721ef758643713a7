import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { RocksDB } from '../../lib/rocksdb.ts';
import { codeOf } from '../support/rocksdb-error.ts';
import { entriesOf, keysOf, numberedKey } from '../support/text.ts';
import { type DbBench, withDb } from '../support/with-db.ts';

const MANY = 6;
// Six of them are more than what is copied as a batch.
const LARGE = Buffer.alloc(1024 * 1024, 'large');
const SMALL_FILES = { options: { target_file_size_base: 1024 * 1024, compression: 'kNoCompression' } };

async function sourceOf(bench: DbBench, values: readonly (readonly [string, string | Uint8Array])[]): Promise<RocksDB> {
  const source = await bench.open({}, 'source');
  for (const [key, value] of values) {
    source.put(key, value);
  }
  return source;
}

const manyRows = Array.from({ length: MANY }, (_, index) => [numberedKey(index), LARGE] as const);

describe('copyRange', () => {
  test('copies the rows of a range, the upper bound not included', () =>
    withDb(async (db, bench) => {
      const rows = ['a', 'b', 'c', 'd'].map((key) => [key, `from ${key}`] as const);
      const from = await sourceOf(bench, rows);
      await db.copyRange({ from, lower: 'b', upper: 'd', directory: join(bench.directory, 'copy') });
      expect(entriesOf(db)).toEqual(['b=from b', 'c=from c']);
      await db.copyRange({ from, directory: join(bench.directory, 'copy') });
      expect(keysOf(db)).toEqual(['a', 'b', 'c', 'd']);
    }));

  test('goes from one family to another', () =>
    withDb(
      async (db, bench) => {
        const [one, other] = [db.columnFamily('one'), db.columnFamily('other')];
        db.put('a', '1', { columnFamily: one });
        const directory = join(bench.directory, 'copy');
        await db.copyRange({ from: db, fromColumnFamily: one, columnFamily: other, directory });
        expect(entriesOf(db, { columnFamily: other })).toEqual(['a=1']);
        expect(keysOf(db)).toEqual([]);
      },
      { columnFamilies: { one: {}, other: {} } },
    ));

  test('keeps few rows in the write buffer', () =>
    withDb(async (db, bench) => {
      const from = await sourceOf(bench, [['a', '1']]);
      await db.copyRange({ from, directory: join(bench.directory, 'copy') });
      expect(await db.liveFiles()).toEqual([]);
    }));

  test('adds many rows as files of the target’s own size, in the last level, and leaves nothing else behind', () =>
    withDb(
      async (db, bench) => {
        const directory = join(bench.directory, 'copy');
        const columnFamily = db.columnFamily('other');
        await db.copyRange({ from: await sourceOf(bench, manyRows), columnFamily, directory });
        expect(keysOf(db, { columnFamily })).toEqual(manyRows.map(([key]) => key));
        const files = await db.liveFiles();
        expect(files.map((file) => [file.columnFamily, file.level, file.entries])).toEqual([
          ['other', 6, 2],
          ['other', 6, 2],
          ['other', 6, 2],
        ]);
        expect(existsSync(directory)).toBe(false);
      },
      { columnFamilies: { other: SMALL_FILES } },
    ));

  test.each([
    ['few', 1],
    ['many', MANY],
  ])('copies %s rows over deletions of the target, and they last', (_name, count) =>
    withDb(async (db, bench) => {
      const keys = manyRows.slice(0, count).map(([key]) => key);
      keys.forEach((key) => {
        db.put(key, 'old');
      });
      db.deleteRange('a', 'z');
      const from = await sourceOf(bench, manyRows.slice(0, count));
      await db.copyRange({ from, directory: join(bench.directory, 'copy') });
      expect(keysOf(db)).toEqual(keys);
      await db.compactRange();
      await db.close();
      const again = await bench.open();
      expect(keysOf(again)).toEqual(keys);
      expect(Buffer.compare(again.get(keys[0] as string) as Uint8Array, LARGE)).toBe(0);
    }),
  );

  test('copies lists joined, without what was deleted, and they can be added to', () =>
    withDb(async (db, bench) => {
      const from = await sourceOf(bench, [...manyRows, ['gone', 'value']]);
      from.merge('list', 'a');
      await from.flush();
      from.merge('list', 'b');
      from.delete('gone');
      await db.copyRange({ from, directory: join(bench.directory, 'copy') });
      db.merge('list', 'c');
      expect(entriesOf(db, { lower: 'l' })).toEqual(['list=a,b,c']);
      expect(db.get('gone')).toBeUndefined();
    }));

  test('refuses a directory that exists, and leaves it and the target as they are', () =>
    withDb(async (db, bench) => {
      const directory = join(bench.directory, 'copy');
      mkdirSync(directory);
      const from = await sourceOf(bench, manyRows);
      expect(await codeOf(() => db.copyRange({ from, directory }))).toBe('ERR_ROCKSDB_IO_ERROR');
      expect(keysOf(db)).toEqual([]);
      expect(existsSync(directory)).toBe(true);
    }));

  test('fails as closed when the source is', () =>
    withDb(async (db, bench) => {
      const from = await sourceOf(bench, []);
      await from.close();
      const directory = join(bench.directory, 'copy');
      expect(await codeOf(() => db.copyRange({ from, directory }))).toBe('ERR_ROCKSDB_CLOSED');
    }));

  test('goes on while the source is closed', () =>
    withDb(async (db, bench) => {
      const from = await sourceOf(bench, manyRows);
      const copied = db.copyRange({ from, directory: join(bench.directory, 'copy') });
      await from.close();
      await copied;
      expect(keysOf(db)).toHaveLength(MANY);
    }));
});
