// Brings RocksDB snapshots back. One snapshot of the same key groups is opened as it is; otherwise the best one is opened
// and clipped, and the rows of the others are added to it, or files are taken over where that is asked for and possible.
import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { CheckpointSource, KeyedStateHandle } from '../api/checkpoint.ts';
import type { ColumnFamilyOptions } from '../rocksdb/open-options.ts';
import type { RocksDB } from '../rocksdb/rocksdb.ts';
import { WriteBatch } from '../rocksdb/write-batch.ts';
import type { LocalState } from '../storage/local-state.ts';
import type { RestoreTarget } from './check-fits.ts';
import { clipDatabase, firstKeyOf } from './clip.ts';
import { downloadDatabase } from './download-database.ts';
import { importFiles } from './import-files.ts';
import { chooseBase, intersection } from './select-handles.ts';

/** How to restore. */
export interface RocksDBRestore {
  readonly source: CheckpointSource;
  /** Those of the source that have key groups of the target. */
  readonly handles: readonly KeyedStateHandle[];
  readonly target: RestoreTarget;
  /** Of the database; it does not exist yet. */
  readonly path: string;
  /** For databases that are read from. */
  readonly workDirectory: string;
  /** Files that are downloaded at once. */
  readonly transfers: number;
  /** Copies on this machine, which are read instead where there are any. */
  readonly localState: LocalState | undefined;
  /** Least share of a handle's key groups that must be wanted for it to be built upon. */
  readonly overlapFractionThreshold: number;
  readonly useIngestDbRestoreMode: boolean;
  readonly useDeleteFilesInRange: boolean;
  /** Opens a database with the options of the backend, creating the column families of the restored states. */
  open(path: string): Promise<RocksDB>;
  columnFamilyOptions(state: string): ColumnFamilyOptions;
}

/** A restored database. */
export interface RestoredDatabase {
  readonly db: RocksDB;
  /** The snapshot whose files the database consists of, unchanged; further snapshots can build upon it. */
  readonly unchanged: KeyedStateHandle | undefined;
}

/** @throws RestoreError when a file is missing or damaged. Nothing is left open then; directories are the caller's. */
export async function restoreRocksDB(restore: RocksDBRestore): Promise<RestoredDatabase> {
  const { handles, path, target } = restore;
  const [only, ...others] = handles;
  if (only !== undefined && others.length === 0 && isSameRange(only, target)) {
    await download(only, path, restore);
    return { db: await restore.open(path), unchanged: only };
  }
  const base = baseOf(restore);
  if (base !== undefined) {
    await download(base, path, restore);
  }
  const db = await restore.open(path);
  try {
    if (base !== undefined) {
      await clip(db, base, restore);
    }
    await addAll(
      db,
      handles.filter((handle) => handle !== base),
      restore,
    );
    return { db, unchanged: undefined };
  } catch (error) {
    await db.close().catch(() => {});
    throw error;
  }
}

// A single handle is always built upon: clipping a database is cheaper than copying it.
function baseOf({ handles, overlapFractionThreshold, target, useIngestDbRestoreMode }: RocksDBRestore) {
  if (handles.length > 1 && useIngestDbRestoreMode) {
    return undefined;
  }
  const threshold = handles.length > 1 ? overlapFractionThreshold : 0;
  return handles[chooseBase(handles, target.keyGroupRange, threshold)];
}

function download(handle: KeyedStateHandle, path: string, restore: RocksDBRestore): Promise<void> {
  const { storage, onProgress } = restore.source;
  return downloadDatabase(handle, path, { ...restore, storage, onProgress });
}

async function addAll(db: RocksDB, handles: readonly KeyedStateHandle[], restore: RocksDBRestore): Promise<void> {
  const { workDirectory } = restore;
  const paths = handles.map(() => join(workDirectory, `restore-${randomUUID()}`));
  const opened: { readonly handle: KeyedStateHandle; readonly db: RocksDB }[] = [];
  try {
    for (const [index, handle] of handles.entries()) {
      const path = paths[index] as string;
      await download(handle, path, restore);
      opened.push({ handle, db: await restore.open(path) });
    }
    const imported = restore.useIngestDbRestoreMode
      ? await importFiles(db, opened, restore)
      : new Set<KeyedStateHandle>();
    for (const { handle, db: from } of opened) {
      if (!imported.has(handle)) {
        await copyRows(from, db, { handle, restore });
      }
    }
  } finally {
    await Promise.all(opened.map((each) => each.db.close()));
    await Promise.all(paths.map((path) => rm(path, { recursive: true, force: true })));
  }
}

const BATCH_BYTES = 1024 * 1024;

async function copyRows(
  from: RocksDB,
  to: RocksDB,
  { handle, restore: { target } }: { readonly handle: KeyedStateHandle; readonly restore: RocksDBRestore },
): Promise<void> {
  const range = intersection(handle.keyGroupRange, target.keyGroupRange);
  if (range === undefined) {
    return;
  }
  const lower = firstKeyOf(range.start, target.maxParallelism);
  const upper = firstKeyOf(range.end + 1, target.maxParallelism);
  const batch = new WriteBatch();
  for (const { name } of handle.states) {
    const target = to.columnFamily(name);
    for await (const row of from.scan({ columnFamily: from.columnFamily(name), lower, upper, fillCache: false })) {
      batch.put(target, row.key, row.value);
      if (batch.sizeBytes >= BATCH_BYTES) {
        await to.writeAsync(batch);
        batch.clear();
      }
    }
  }
  if (batch.count > 0) {
    await to.writeAsync(batch);
  }
}

function clip(db: RocksDB, base: KeyedStateHandle, restore: RocksDBRestore): Promise<void> {
  const { target, useDeleteFilesInRange } = restore;
  return clipDatabase(db, {
    columnFamilies: base.states.map(({ name }) => db.columnFamily(name)),
    held: base.keyGroupRange,
    wanted: target.keyGroupRange,
    maxParallelism: target.maxParallelism,
    deleteFiles: useDeleteFilesInRange,
  });
}

function isSameRange({ keyGroupRange }: KeyedStateHandle, target: RestoreTarget): boolean {
  return keyGroupRange.start === target.keyGroupRange.start && keyGroupRange.end === target.keyGroupRange.end;
}
