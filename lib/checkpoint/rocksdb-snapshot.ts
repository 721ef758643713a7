// A snapshot of a RocksDB database: capture (hard links, off the JS thread) → upload of the files that no confirmed
// checkpoint has stored. Without a history every file is uploaded: the snapshot is a full one.
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { CheckpointWriter, SnapshotInProgress, StoredFile } from '../api/checkpoint.ts';
import type { RocksDB } from '../rocksdb/rocksdb.ts';
import { mapBounded } from '../storage/transfer.ts';
import { type CheckpointHistory, isTable } from './checkpoint-history.ts';
import { beginSnapshot, type SnapshotRequest, type StoredFiles } from './snapshot-in-progress.ts';

export interface RocksDBSnapshotRequest extends SnapshotRequest {
  readonly db: RocksDB;
  /** Files that are uploaded at once. */
  readonly transfers: number;
  /** Settles when the database holds all that belongs into the snapshot. */
  readonly ready: Promise<void>;
  /** Of an incremental snapshot. */
  readonly history: CheckpointHistory | undefined;
}

/** Begins a snapshot. Both promises fail when it can't be taken, and nothing is left behind then. */
export function takeRocksDBSnapshot(request: RocksDBSnapshotRequest): SnapshotInProgress {
  const { db, description, history, ready, workDirectory } = request;
  const { checkpointId } = description;
  return beginSnapshot(request, {
    captured: ready.then(() => db.createCheckpoint(workDirectory)),
    async store(writer) {
      const stored = await storeFiles(request, writer);
      history?.record(checkpointId, stored.files);
      return stored;
    },
    ended: (completed) => (completed ? history?.confirm(checkpointId) : history?.abort(checkpointId)),
    release: () => rm(workDirectory, { recursive: true, force: true }),
  });
}

async function storeFiles(request: RocksDBSnapshotRequest, writer: CheckpointWriter): Promise<StoredFiles> {
  const { description, history, signal, transfers, workDirectory } = request;
  const { backendId } = description;
  const base = history?.base;
  const names = (await readdir(workDirectory)).sort();
  let writtenBytes = 0;
  const files = await mapBounded(names, transfers, async (name): Promise<StoredFile> => {
    signal.throwIfAborted();
    const known = base?.get(name);
    const reused = known && writer.reuse(known);
    if (reused !== undefined) {
      return reused;
    }
    const shared = history !== undefined && isTable(name);
    const stored = await writer.upload(join(workDirectory, name), { name, backendId, shared, signal });
    writtenBytes += stored.sizeBytes;
    return stored;
  });
  return { files, writtenBytes };
}
