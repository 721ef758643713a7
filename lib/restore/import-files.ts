// Takes over whole files of several databases, whose key groups do not overlap, instead of copying their rows.
import { join } from 'node:path';
import type { KeyedStateHandle, KeyGroupRange } from '../api/checkpoint.ts';
import { DataInput } from '../bytes/data-input.ts';
import { keyGroupPrefixBytes, readKeyGroup } from '../keys/composite-key.ts';
import type { ColumnFamily } from '../rocksdb/column-family.ts';
import type { ExportedColumnFamily, RocksDB } from '../rocksdb/rocksdb.ts';
import type { RocksDBRestore } from './rocksdb-restore.ts';

interface OpenedHandle {
  readonly handle: KeyedStateHandle;
  readonly db: RocksDB;
}

/**
 * Imports every database whose rows are all wanted, and really within its key groups: one that was clipped may still have
 * foreign rows in its files, hidden by deletions. The column families of the states must be empty; they are replaced.
 *
 * @returns the handles that were imported.
 */
export async function importFiles(
  to: RocksDB,
  opened: readonly OpenedHandle[],
  restore: RocksDBRestore,
): Promise<Set<KeyedStateHandle>> {
  const { maxParallelism, keyGroupRange: wanted } = restore.target;
  const importable: OpenedHandle[] = [];
  for (const each of opened) {
    if (contains(wanted, each.handle.keyGroupRange) && (await keepsToItsRange(each, maxParallelism))) {
      importable.push(each);
    }
  }
  const names = new Set(importable.flatMap(({ handle }) => handle.states.map(({ name }) => name)));
  for (const name of names) {
    const exports = await exportAll(name, importable);
    if (exports.length > 0) {
      await to.dropColumnFamily(to.columnFamily(name));
      await to.importColumnFamily(name, exports, { ...restore.columnFamilyOptions(name), moveFiles: true });
    }
  }
  return new Set(importable.map(({ handle }) => handle));
}

async function exportAll(name: string, from: readonly OpenedHandle[]): Promise<ExportedColumnFamily[]> {
  const exports: ExportedColumnFamily[] = [];
  for (const { db } of from) {
    const family: ColumnFamily | undefined = db.columnFamilies.find((each) => each.name === name);
    if (family !== undefined && (await db.liveFiles()).some((file) => file.columnFamily === name)) {
      exports.push(await db.exportColumnFamily(family, join(db.path, `export-${family.number}`)));
    }
  }
  return exports;
}

async function keepsToItsRange({ handle, db }: OpenedHandle, maxParallelism: number): Promise<boolean> {
  const prefixBytes = keyGroupPrefixBytes(maxParallelism);
  const keyGroupOf = (key: Uint8Array) => readKeyGroup(prefixBytes, new DataInput(key));
  const { start, end } = handle.keyGroupRange;
  return (await db.liveFiles()).every(
    ({ smallestKey, largestKey }) => keyGroupOf(smallestKey) >= start && keyGroupOf(largestKey) <= end,
  );
}

function contains(outer: KeyGroupRange, inner: KeyGroupRange): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}
