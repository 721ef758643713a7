// Takes over whole files of several databases, whose key groups do not overlap, instead of copying their rows.
import { join } from 'node:path';
import { DataInput } from '../bytes/data-input.ts';
import { keyGroupPrefixBytes, readKeyGroup } from '../keys/composite-key.ts';
import type { ColumnFamily } from '../rocksdb/column-family.ts';
import type { ExportedColumnFamily, RocksDB } from '../rocksdb/rocksdb.ts';
import { clipDatabase } from './clip.ts';
import type { RocksDBRestore } from './rocksdb-restore.ts';
import type { SourceDatabase } from './source-databases.ts';

/**
 * Whether a database's files may be taken over: they must keep to the key groups of its handle. Those of one that was
 * clipped, and not compacted since, may still have rows of other key groups, hidden by deletions, in the way of the files
 * that hold these key groups now. RocksDB does not import values that are in files of their own (`enable_blob_files`).
 */
export async function isImportable({ handle, db }: SourceDatabase, maxParallelism: number): Promise<boolean> {
  if (handle.files.some(({ name }) => name.endsWith('.blob'))) {
    return false;
  }
  const prefixBytes = keyGroupPrefixBytes(maxParallelism);
  const keyGroupOf = (key: Uint8Array) => readKeyGroup(prefixBytes, new DataInput(key));
  const { start, end } = handle.keyGroupRange;
  return (await db.liveFiles()).every(
    ({ smallestKey, largestKey }) => keyGroupOf(smallestKey) >= start && keyGroupOf(largestKey) <= end,
  );
}

/**
 * Imports the files of databases that are importable, and then deletes what they have of key groups that are not wanted.
 * The column families of their states must be empty; they are replaced.
 */
export async function importFiles(
  to: RocksDB,
  sources: readonly SourceDatabase[],
  restore: Pick<RocksDBRestore, 'target' | 'columnFamilyOptions' | 'useDeleteFilesInRange'>,
): Promise<void> {
  const { maxParallelism, keyGroupRange: wanted } = restore.target;
  const imported: ColumnFamily[] = [];
  for (const name of new Set(sources.flatMap(({ handle }) => handle.states.map((state) => state.name)))) {
    const exports = await exportAll(name, sources);
    if (exports.length > 0) {
      await to.dropColumnFamily(to.columnFamily(name));
      const options = { ...restore.columnFamilyOptions(name), moveFiles: true };
      imported.push(await to.importColumnFamily(name, exports, options));
    }
  }
  const ranges = sources.map(({ handle }) => handle.keyGroupRange);
  await clipDatabase(to, {
    columnFamilies: imported,
    held: {
      start: Math.min(...ranges.map(({ start }) => start)),
      end: Math.max(...ranges.map(({ end }) => end)),
    },
    wanted,
    maxParallelism,
    deleteFiles: restore.useDeleteFilesInRange,
  });
}

async function exportAll(name: string, sources: readonly SourceDatabase[]): Promise<ExportedColumnFamily[]> {
  const exports: ExportedColumnFamily[] = [];
  for (const { db } of sources) {
    const family: ColumnFamily | undefined = db.columnFamilies.find((each) => each.name === name);
    if (family !== undefined && (await db.liveFiles()).some((file) => file.columnFamily === name)) {
      exports.push(await db.exportColumnFamily(family, join(db.path, `export-${family.number}`)));
    }
  }
  return exports;
}
