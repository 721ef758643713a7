import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { RocksDB } from '../../lib/rocksdb.ts';
import { codeOf, rocksDBErrorOf } from '../support/rocksdb-error.ts';
import { entriesOf, keysOf } from '../support/text.ts';
import { type DbBench, withDb } from '../support/with-db.ts';

// Files of another database: of keys that it has compacted into its last level.
async function filesOf(bench: DbBench, name: string, keys: readonly string[]): Promise<string[]> {
  const source = await bench.open({}, name);
  for (const key of keys) {
    source.put(key, `from ${name}`);
  }
  await source.flush();
  await source.compactRange();
  const checkpoint = join(bench.directory, `${name}-checkpoint`);
  await source.createCheckpoint(checkpoint);
  return (await source.liveFiles()).map((file) => join(checkpoint, file.name));
}

const ingest = (db: RocksDB, files: readonly string[]): Promise<void> => db.ingestFiles(files, { fromDatabase: true });

describe('ingestFiles', () => {
  test('adds the entries of another database’s files', () =>
    withDb(async (db, bench) => {
      db.put('a', 'own');
      const files = [...(await filesOf(bench, 'first', ['b', 'c'])), ...(await filesOf(bench, 'second', ['d']))];
      await ingest(db, files);
      expect(entriesOf(db)).toEqual(['a=own', 'b=from first', 'c=from first', 'd=from second']);
      expect(files.every(existsSync)).toBe(true);
    }));

  test('adds them to the family it is given, for good', () =>
    withDb(
      async (db, bench) => {
        const files = await filesOf(bench, 'first', ['b']);
        await db.ingestFiles(files, { columnFamily: db.columnFamily('other'), fromDatabase: true });
        await db.close();
        const again = await bench.open();
        expect(keysOf(again)).toEqual([]);
        expect(keysOf(again, { columnFamily: again.columnFamily('other') })).toEqual(['b']);
      },
      { columnFamilies: { other: {} } },
    ));

  test('takes the files away when it moves them', () =>
    withDb(async (db, bench) => {
      const files = await filesOf(bench, 'first', ['b']);
      await db.ingestFiles(files, { fromDatabase: true, moveFiles: true });
      expect(keysOf(db)).toEqual(['b']);
      expect(files.some(existsSync)).toBe(false);
    }));

  test('refuses files whose keys overlap those in the family', () =>
    withDb(async (db, bench) => {
      db.put('b', 'own');
      const files = await filesOf(bench, 'first', ['a', 'c']);
      expect(await codeOf(() => ingest(db, files))).toBe('ERR_ROCKSDB_INVALID_ARGUMENT');
      expect(entriesOf(db)).toEqual(['b=own']);
    }));

  test('refuses a database’s files unless told that they are', () =>
    withDb(async (db, bench) => {
      const files = await filesOf(bench, 'first', ['a']);
      expect(await codeOf(() => db.ingestFiles(files))).toBe('ERR_ROCKSDB_CORRUPTION');
      expect(keysOf(db)).toEqual([]);
    }));

  test('names a file that is missing', () =>
    withDb(async (db, { directory }) => {
      const error = await rocksDBErrorOf(() => ingest(db, [join(directory, 'missing.sst')]));
      expect(error).toMatchObject({ code: 'ERR_ROCKSDB_IO_ERROR', subcode: 'PATH_NOT_FOUND' });
      expect(error.message).toContain('missing.sst');
    }));
});
