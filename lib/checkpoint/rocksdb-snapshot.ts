// A snapshot of a RocksDB database: capture (hard links, off the JS thread) → upload of the files that no confirmed
// checkpoint has stored. Without a history every file is uploaded: the snapshot is a full one.
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { CheckpointWriter, SnapshotInProgress, StoredFile } from '../api/checkpoint.ts';
import { TIMERS_FILE } from '../heap/snapshot-format.ts';
import type { RocksDB } from '../rocksdb/rocksdb.ts';
import { waitAtMost } from '../storage/jitter.ts';
import type { LocalState } from '../storage/local-state.ts';
import { isTable } from '../storage/table-files.ts';
import { mapBounded, TransferCounter } from '../storage/transfer.ts';
import type { CheckpointHistory } from './checkpoint-history.ts';
import { type CapturedState, writeSnapshotFile } from './heap-snapshot.ts';
import { beginSnapshot, type SnapshotRequest, type StoredFiles } from './snapshot-in-progress.ts';

export interface RocksDBSnapshotRequest extends SnapshotRequest {
  readonly db: RocksDB;
  /** Files that are uploaded at once. */
  readonly transfers: number;
  /** Longest random wait before an upload. */
  readonly uploadJitterMs: number;
  /** Settles when the database holds all that belongs into the snapshot. */
  readonly ready: Promise<void>;
  /** Timers that are in memory, in the order of the handle's states; `undefined` without any. They are let go of. */
  readonly timers: CapturedState[] | undefined;
  /** Of an incremental snapshot. */
  readonly history: CheckpointHistory | undefined;
  /** Told of the outcome of a checkpoint of its own. */
  readonly ended: (completed: boolean) => void;
  /** Where the captured files are kept for a restore on this machine. */
  readonly localState: LocalState | undefined;
}

/** Begins a snapshot. Both promises fail when it can't be taken, and nothing is left behind then. */
export function takeRocksDBSnapshot(request: RocksDBSnapshotRequest): SnapshotInProgress {
  const { db, description, history, localState, ready, signal, timers, workDirectory } = request;
  const { backendId, checkpointId } = description;
  return beginSnapshot(request, {
    captured: ready.then(() => {
      signal.throwIfAborted();
      return db.createCheckpoint(workDirectory);
    }),
    async store(writer) {
      if (timers !== undefined) {
        await writeSnapshotFile(join(workDirectory, TIMERS_FILE), timers, signal);
        timers.length = 0;
      }
      const stored = await storeFiles(request, writer);
      history?.record(checkpointId, stored.files);
      await localState?.keep(checkpointId, backendId, workDirectory);
      return stored;
    },
    ended: request.ended,
    release: () => rm(workDirectory, { recursive: true, force: true }),
  });
}

async function storeFiles(request: RocksDBSnapshotRequest, writer: CheckpointWriter): Promise<StoredFiles> {
  const { description, history, signal, transfers, workDirectory } = request;
  const { backendId } = description;
  const base = history?.base;
  const names = (await readdir(workDirectory)).sort();
  let writtenBytes = 0;
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(workDirectory, name))).size));
  const counter = new TransferCounter(sizes, request.onProgress);
  const files = await mapBounded(names, transfers, async (name): Promise<StoredFile> => {
    signal.throwIfAborted();
    const known = base?.get(name);
    const reused = known && writer.reuse(known);
    if (reused !== undefined) {
      counter.done(reused.sizeBytes);
      return reused;
    }
    await waitAtMost(request.uploadJitterMs, signal);
    const shared = history !== undefined && isTable(name);
    // Full snapshots have nothing in common, so that what damages one leaves the others whole.
    const mayLink = history !== undefined || !isTable(name);
    const stored = await writer.upload(join(workDirectory, name), { name, backendId, shared, mayLink, signal });
    writtenBytes += stored.sizeBytes;
    counter.done(stored.sizeBytes);
    return stored;
  });
  return { files, writtenBytes };
}
