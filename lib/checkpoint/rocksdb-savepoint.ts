// A savepoint of a RocksDB database: a snapshot (at once) → its rows, streamed into a file on a worker.
import type { SavepointInProgress } from '../api/savepoint.ts';
import { keyGroupPrefixBytes } from '../keys/composite-key.ts';
import type { ColumnFamily } from '../rocksdb/column-family.ts';
import type { RocksDB } from '../rocksdb/rocksdb.ts';
import type { Snapshot } from '../rocksdb/snapshot.ts';
import { beginSavepoint, type SavepointRequest } from './savepoint-in-progress.ts';

export interface RocksDBSavepointRequest extends SavepointRequest {
  readonly db: RocksDB;
  /** Of the states, in their order. */
  readonly columnFamilies: readonly ColumnFamily[];
  /** Settles when the database holds all that belongs into the savepoint. */
  readonly ready: Promise<void>;
}

/** Begins a savepoint. Both promises fail when it can't be taken, and nothing is left behind then. */
export function takeRocksDBSavepoint(request: RocksDBSavepointRequest): SavepointInProgress {
  const { columnFamilies, db, keyGroupRange, maxParallelism, signal } = request;
  let snapshot: Snapshot | undefined;
  return beginSavepoint(request, {
    captured: request.ready.then(() => {
      snapshot = db.snapshot();
    }),
    async write(path, header, compress) {
      const range = { firstKeyGroup: keyGroupRange.start, lastKeyGroup: keyGroupRange.end };
      const { offsets, sizeBytes } = await db.writeKeyGroups(
        {
          ...{ path, header, columnFamilies, snapshot: snapshot as Snapshot, ...range, compress },
          prefixBytes: keyGroupPrefixBytes(maxParallelism),
        },
        signal,
      );
      return { offsets: Array.from(offsets), sizeBytes };
    },
    release: () => snapshot?.release(),
  });
}
