// Brings RocksDB snapshots back. One snapshot of the same key groups is opened as it is; otherwise the best one is opened
// and clipped, and the rows of the others are added to it, or files are taken over where that is asked for and possible.
import type { CheckpointSource, KeyedStateHandle } from '../api/checkpoint.ts';
import type { ColumnFamilyOptions } from '../rocksdb/open-options.ts';
import type { RocksDB } from '../rocksdb/rocksdb.ts';
import type { LocalState } from '../storage/local-state.ts';
import type { RestoreTarget } from './check-fits.ts';
import { clipDatabase } from './clip.ts';
import { copyRows } from './copy-rows.ts';
import { importFiles, isImportable } from './import-files.ts';
import { chooseBase } from './select-handles.ts';
import { type SourceDatabase, SourceDatabases } from './source-databases.ts';

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
  /** Ends the restore, which fails with its reason. */
  readonly signal: AbortSignal | undefined;
  /** Told how long the files of a snapshot took to come. */
  onDownloaded(durationMs: number): void;
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

/** A database on its way, and the snapshots that are in it. */
interface Beginning {
  readonly db: RocksDB;
  readonly has: readonly KeyedStateHandle[];
}

/** @throws RestoreError when a file is missing or damaged. Nothing is left open then; directories are the caller's. */
export async function restoreRocksDB(restore: RocksDBRestore): Promise<RestoredDatabase> {
  const { handles, path, target } = restore;
  await using sources = new SourceDatabases(restore);
  const [only, ...others] = handles;
  if (only !== undefined && others.length === 0 && isSameRange(only, target)) {
    await sources.place(only, path);
    return { db: await restore.open(path), unchanged: only };
  }
  const importable = await chooseImportable(sources, restore);
  const { db, has } = importable.length > 0 ? await takeOver(importable, restore) : await openBase(sources, restore);
  await orClose(db, async () => {
    for (const handle of handles.filter((each) => !has.includes(each))) {
      restore.signal?.throwIfAborted();
      const source = await sources.open(handle);
      await copyRows(source, db, target);
      await sources.remove(source);
    }
  });
  return { db, unchanged: undefined };
}

// A single handle is built upon instead: that takes its files over as well.
async function chooseImportable(sources: SourceDatabases, restore: RocksDBRestore): Promise<SourceDatabase[]> {
  const importable: SourceDatabase[] = [];
  if (restore.useIngestDbRestoreMode && restore.handles.length > 1) {
    for (const handle of restore.handles) {
      const source = await sources.open(handle);
      if (await isImportable(source, restore.target.maxParallelism)) {
        importable.push(source);
      }
    }
  }
  return importable;
}

async function takeOver(importable: readonly SourceDatabase[], restore: RocksDBRestore): Promise<Beginning> {
  const db = await restore.open(restore.path);
  await orClose(db, () => importFiles(db, importable, restore));
  return { db, has: importable.map(({ handle }) => handle) };
}

// Without a base the database begins empty.
async function openBase(sources: SourceDatabases, restore: RocksDBRestore): Promise<Beginning> {
  const { handles, overlapFractionThreshold, path, target } = restore;
  // A single handle is always built upon: clipping a database is cheaper than copying it.
  const threshold = handles.length > 1 ? overlapFractionThreshold : 0;
  const base = handles[chooseBase(handles, target.keyGroupRange, threshold)];
  if (base === undefined) {
    return { db: await restore.open(path), has: [] };
  }
  await sources.place(base, path);
  const db = await restore.open(path);
  await orClose(db, () => clip(db, base, restore));
  return { db, has: [base] };
}

async function orClose(db: RocksDB, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    await db.close().catch(() => {});
    throw error;
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
