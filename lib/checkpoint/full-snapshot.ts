// A full snapshot: capture (hard links, off the JS thread) → upload every file → metadata, last.
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { CheckpointStorage, CheckpointWriter, KeyedStateHandle, SnapshotInProgress } from '../api/checkpoint.ts';
import { CheckpointError } from '../errors.ts';
import type { RocksDB } from '../rocksdb/rocksdb.ts';
import { mapBounded } from '../storage/transfer.ts';

/** What a handle says beside the files. */
export type SnapshotDescription = Omit<KeyedStateHandle, 'location' | 'files' | 'sizeBytes'>;

export interface SnapshotRequest {
  readonly db: RocksDB;
  readonly storage: CheckpointStorage;
  /** Where to link the files to; removed afterwards. It must not exist. */
  readonly captureDirectory: string;
  readonly description: SnapshotDescription;
  /** Ends an upload between files. */
  readonly signal: AbortSignal;
}

/** Begins a snapshot. Both promises fail with a `CheckpointError`, and nothing is left behind then. */
export function takeFullSnapshot(request: SnapshotRequest): SnapshotInProgress {
  const captured = request.db.createCheckpoint(request.captureDirectory);
  const completed = captured
    .then(() => store(request))
    .catch((cause) => {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new CheckpointError(`Checkpoint ${request.description.checkpointId} failed: ${reason}`, { cause });
    })
    .finally(() => rm(request.captureDirectory, { recursive: true, force: true }));
  // Whoever awaits only one of the promises is told by that one.
  captured.catch(() => {});
  completed.catch(() => {});
  return {
    captured,
    completed,
    // biome-ignore lint/suspicious/noThenProperty: a snapshot is awaited for its handle.
    then: (onFulfilled, onRejected) => completed.then(onFulfilled, onRejected),
  };
}

async function store(request: SnapshotRequest): Promise<KeyedStateHandle> {
  const writer = await request.storage.begin(request.description.checkpointId);
  try {
    return await upload(request, writer);
  } catch (error) {
    await writer.abort();
    throw error;
  }
}

async function upload(request: SnapshotRequest, writer: CheckpointWriter): Promise<KeyedStateHandle> {
  const names = (await readdir(request.captureDirectory)).sort();
  const files = await mapBounded(names, (name) => {
    request.signal.throwIfAborted();
    return writer.upload(join(request.captureDirectory, name), name);
  });
  request.signal.throwIfAborted();
  const sizeBytes = files.reduce((sum, file) => sum + file.sizeBytes, 0);
  return writer.complete({ ...request.description, files, sizeBytes });
}
