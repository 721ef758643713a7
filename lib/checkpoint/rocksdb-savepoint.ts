// A savepoint of a RocksDB database: a snapshot (at once) → its rows, streamed into a file on a worker.
import { rm } from 'node:fs/promises';
import type { SavepointInProgress } from '../api/savepoint.ts';
import { keyGroupPrefixBytes } from '../keys/composite-key.ts';
import type { ColumnFamily } from '../rocksdb/column-family.ts';
import type { KeyGroupsToWrite } from '../rocksdb/key-group-files.ts';
import type { RocksDB } from '../rocksdb/rocksdb.ts';
import type { Snapshot } from '../rocksdb/snapshot.ts';
import { type CapturedState, writeSnapshotFile } from './heap-snapshot.ts';
import { beginSavepoint, type SavepointRequest } from './savepoint-in-progress.ts';

export interface RocksDBSavepointRequest extends SavepointRequest {
  readonly db: RocksDB;
  /** Of the states, in their order; `undefined` for timers that are in memory. */
  readonly columnFamilies: readonly (ColumnFamily | undefined)[];
  /** Timers that are in memory, in the order of the states; `undefined` without any. They are let go of. */
  readonly timers: CapturedState[] | undefined;
  /** What has expired and is left out, if any. */
  readonly expired: Pick<KeyGroupsToWrite, 'ttl' | 'ttlNowMs'> | undefined;
  /** For a file of timers on their way; it does not exist yet. */
  readonly workFile: string;
  /** Settles when the database holds all that belongs into the savepoint. */
  readonly ready: Promise<void>;
}

/** Begins a savepoint. Both promises fail when it can't be taken, and nothing is left behind then. */
export function takeRocksDBSavepoint(request: RocksDBSavepointRequest): SavepointInProgress {
  const { columnFamilies, db, expired, keyGroupRange, maxParallelism, signal, timers, workFile } = request;
  let snapshot: Snapshot | undefined;
  return beginSavepoint(request, {
    captured: request.ready.then(() => {
      snapshot = db.snapshot();
    }),
    async write(path, header, compress) {
      const rowsPath = timers && workFile;
      if (timers !== undefined) {
        await writeSnapshotFile(workFile, timers, signal);
        timers.length = 0;
      }
      const range = { firstKeyGroup: keyGroupRange.start, lastKeyGroup: keyGroupRange.end };
      const { offsets, sizeBytes } = await db.writeKeyGroups(
        {
          ...{ path, header, columnFamilies, rowsPath, snapshot: snapshot as Snapshot, ...range, compress },
          prefixBytes: keyGroupPrefixBytes(maxParallelism),
          ...expired,
        },
        signal,
      );
      return { offsets: Array.from(offsets), sizeBytes };
    },
    async release() {
      snapshot?.release();
      await rm(workFile, { force: true });
    },
  });
}
