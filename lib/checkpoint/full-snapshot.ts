// A full snapshot of a RocksDB database: capture (hard links, off the JS thread) → upload of every file.
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { SnapshotInProgress } from '../api/checkpoint.ts';
import type { RocksDB } from '../rocksdb/rocksdb.ts';
import { mapBounded } from '../storage/transfer.ts';
import { beginSnapshot, type SnapshotRequest } from './snapshot-in-progress.ts';

export interface FullSnapshotRequest extends SnapshotRequest {
  readonly db: RocksDB;
  /** Files that are uploaded at once. */
  readonly transfers: number;
  /** Settles when the database holds all that belongs into the snapshot. */
  readonly ready: Promise<void>;
}

/** Begins a snapshot. Both promises fail when it can't be taken, and nothing is left behind then. */
export function takeFullSnapshot(request: FullSnapshotRequest): SnapshotInProgress {
  const { db, ready, workDirectory, signal } = request;
  return beginSnapshot(request, {
    captured: ready.then(() => db.createCheckpoint(workDirectory)),
    async store(writer) {
      const names = (await readdir(workDirectory)).sort();
      return mapBounded(names, request.transfers, (name) => {
        signal.throwIfAborted();
        return writer.upload(join(workDirectory, name), name);
      });
    },
    release: () => rm(workDirectory, { recursive: true, force: true }),
  });
}
