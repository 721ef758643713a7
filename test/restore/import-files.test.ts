import { describe, expect, it } from 'vitest';
import type { KeyedStateHandle, KeyGroupRange } from '../../lib/api/checkpoint.ts';
import { Types } from '../../lib/bytes/types.ts';
import { firstKeyOf } from '../../lib/keys/composite-key.ts';
import { clipDatabase } from '../../lib/restore/clip.ts';
import { importFiles, isImportable } from '../../lib/restore/import-files.ts';
import type { SourceDatabase } from '../../lib/restore/source-databases.ts';
import type { RocksDB } from '../../lib/rocksdb.ts';
import { type DbBench, withDb } from '../support/with-db.ts';

const MAX_PARALLELISM = 128;
const FAMILY = { columnFamilies: { state: { options: { compression: 'kNoCompression' } } } };

const keyIn = (keyGroup: number, row: number) =>
  Buffer.concat([firstKeyOf(keyGroup, MAX_PARALLELISM), Buffer.from([row])]);

/** A database with a file for each key group of its range, in a level in which files do not overlap. */
async function sourceOf(bench: DbBench, keyGroupRange: KeyGroupRange, files = ['000001.sst']): Promise<SourceDatabase> {
  const db = await bench.open(FAMILY, `source-${keyGroupRange.start}`);
  const columnFamily = db.columnFamily('state');
  for (let keyGroup = keyGroupRange.start; keyGroup <= keyGroupRange.end; keyGroup++) {
    for (let row = 0; row < 10; row++) {
      db.put(keyIn(keyGroup, row), `of ${keyGroupRange.start}`, { columnFamily });
    }
    await db.flush();
    const newest = (await db.liveFiles()).filter(({ level }) => level === 0).map(({ name }) => name);
    await db.compactFiles(newest, { columnFamily, outputLevel: 6, maxOutputFileBytes: 2 ** 20 });
  }
  const handle: KeyedStateHandle = {
    checkpointId: 1,
    backendId: `backend-${keyGroupRange.start}`,
    backend: 'rocksdb',
    location: db.path,
    maxParallelism: MAX_PARALLELISM,
    keyGroupRange,
    keySerializer: 'INT',
    states: [{ name: 'state', kind: 'VALUE', valueFormat: 'INT', namespaceFormat: 'VOID' }],
    files: files.map((name) => ({ name, sizeBytes: 0, crc32: 0, path: name, shared: false })),
    sizeBytes: 0,
    checkpointedSizeBytes: 0,
    attachment: null,
  };
  return { handle, db };
}

function importInto(
  db: RocksDB,
  sources: readonly SourceDatabase[],
  { wanted, deleteFiles = false }: { readonly wanted: KeyGroupRange; readonly deleteFiles?: boolean },
): Promise<void> {
  return importFiles(db, sources, {
    target: {
      backend: 'rocksdb',
      keySerializer: Types.INT.serializer,
      maxParallelism: MAX_PARALLELISM,
      keyGroupRange: wanted,
    },
    columnFamilyOptions: () => FAMILY.columnFamilies.state,
    useDeleteFilesInRange: deleteFiles,
  });
}

const keyGroupsOf = async (db: RocksDB) =>
  [...db.scan({ columnFamily: db.columnFamily('state'), keysOnly: true })].map(({ key }) => key[0] as number);

const upTo = (start: number, end: number) =>
  Array.from({ length: 10 * (end - start + 1) }, (_, index) => start + Math.floor(index / 10));

describe('imported databases', () => {
  it.each([[{ start: 0, end: 9 }], [{ start: 3, end: 6 }], [{ start: 2, end: 12 }], [{ start: 4, end: 4 }]])(
    'have the rows of the wanted key groups %o and no others, in the files that they had (T172, T181)',
    (wanted) =>
      withDb(async (db, bench) => {
        const sources = [await sourceOf(bench, { start: 0, end: 4 }), await sourceOf(bench, { start: 5, end: 9 })];
        await importInto(db, sources, { wanted });
        expect(await keyGroupsOf(db)).toEqual(upTo(wanted.start, Math.min(wanted.end, 9)));
        const files = await db.liveFiles();
        expect(files.map(({ smallestKey, level }) => [smallestKey[0], level]).sort()).toEqual(
          Array.from({ length: 10 }, (_, keyGroup) => [keyGroup, 6]),
        );
      }, FAMILY),
  );

  it('lose the files of unwanted key groups at once where that is asked for', () =>
    withDb(async (db, bench) => {
      const sources = [await sourceOf(bench, { start: 0, end: 4 }), await sourceOf(bench, { start: 5, end: 9 })];
      await importInto(db, sources, { wanted: { start: 3, end: 6 }, deleteFiles: true });
      expect(await keyGroupsOf(db)).toEqual(upTo(3, 6));
      expect((await db.liveFiles()).map(({ smallestKey }) => smallestKey[0]).sort()).toEqual([3, 4, 5, 6]);
    }, FAMILY));

  it('hide no row that is written to an unwanted key group’s place afterwards', () =>
    withDb(async (db, bench) => {
      // The source's sequence numbers are ahead of the target's.
      const source = await sourceOf(bench, { start: 0, end: 9 });
      await importInto(db, [source], { wanted: { start: 3, end: 6 } });
      const columnFamily = db.columnFamily('state');
      db.put(keyIn(1, 0), 'new', { columnFamily });
      db.put(keyIn(4, 0), 'new', { columnFamily });
      expect(await keyGroupsOf(db)).toEqual([1, ...upTo(3, 6)]);
      expect(Buffer.from(db.get(keyIn(4, 0), { columnFamily }) ?? []).toString()).toBe('new');
      await db.compactRange({ columnFamily });
      expect(await keyGroupsOf(db)).toEqual([1, ...upTo(3, 6)]);
    }, FAMILY));

  it('are refused when their files overlap, and none of them is imported', () =>
    withDb(async (db, bench) => {
      const sources = [await sourceOf(bench, { start: 0, end: 5 }), await sourceOf(bench, { start: 5, end: 9 })];
      await expect(importInto(db, sources, { wanted: { start: 0, end: 9 } })).rejects.toMatchObject({
        code: 'ERR_ROCKSDB_INVALID_ARGUMENT',
      });
      expect(await db.liveFiles()).toEqual([]);
    }, FAMILY));
});

describe('a database is importable', () => {
  it('when its files keep to its key groups, and no longer when they have others before or behind', () =>
    withDb(async (_db, bench) => {
      const { handle, db } = await sourceOf(bench, { start: 2, end: 6 });
      const within = (start: number, end: number) =>
        isImportable({ handle: { ...handle, keyGroupRange: { start, end } }, db }, MAX_PARALLELISM);
      expect(await Promise.all([within(2, 6), within(0, 9), within(3, 6), within(2, 5)])).toEqual([
        true,
        true,
        false,
        false,
      ]);
    }));

  it('after it was clipped only when it was compacted', () =>
    withDb(async (_db, bench) => {
      const { handle, db } = await sourceOf(bench, { start: 2, end: 6 });
      const columnFamily = db.columnFamily('state');
      const wanted = { start: 3, end: 5 };
      await clipDatabase(db, {
        columnFamilies: [columnFamily],
        held: handle.keyGroupRange,
        wanted,
        maxParallelism: MAX_PARALLELISM,
        deleteFiles: false,
      });
      await db.flush();
      const clipped = { handle: { ...handle, keyGroupRange: wanted }, db };
      expect(await isImportable(clipped, MAX_PARALLELISM)).toBe(false);
      await db.compactRange({ columnFamily });
      expect(await isImportable(clipped, MAX_PARALLELISM)).toBe(true);
    }));

  it('when it has no files, and not when it has blob files', () =>
    withDb(async (db, bench) => {
      const { handle } = await sourceOf(bench, { start: 2, end: 6 });
      expect(await isImportable({ handle, db }, MAX_PARALLELISM)).toBe(true);
      const blob = await sourceOf(bench, { start: 7, end: 8 }, ['000001.sst', '000002.blob']);
      expect(await isImportable(blob, MAX_PARALLELISM)).toBe(false);
    }));
});
