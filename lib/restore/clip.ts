// Removes the rows of key groups that a backend does not own.
import type { KeyGroupRange } from '../api/checkpoint.ts';
import { firstKeyOf } from '../keys/composite-key.ts';
import type { ColumnFamily } from '../rocksdb/column-family.ts';
import type { RocksDB } from '../rocksdb/rocksdb.ts';

/** What is to be removed. */
export interface Clip {
  readonly columnFamilies: readonly ColumnFamily[];
  /** Key groups that the database holds. */
  readonly held: KeyGroupRange;
  /** Key groups that are to stay. */
  readonly wanted: KeyGroupRange;
  readonly maxParallelism: number;
  /** Whether files that hold nothing that is to stay are deleted at once. */
  readonly deleteFiles: boolean;
}

/** Deletes what is before and behind the wanted key groups, with one record each. */
export async function clipDatabase(db: RocksDB, clip: Clip): Promise<void> {
  const { columnFamilies, deleteFiles, held, maxParallelism, wanted } = clip;
  const cuts = [
    { from: held.start, to: Math.min(wanted.start, held.end + 1) },
    { from: Math.max(wanted.end + 1, held.start), to: held.end + 1 },
  ].filter(({ from, to }) => from < to);
  for (const { from, to } of cuts) {
    const lower = firstKeyOf(from, maxParallelism);
    const upper = firstKeyOf(to, maxParallelism);
    for (const columnFamily of columnFamilies) {
      if (deleteFiles) {
        await db.deleteFilesInRange({ columnFamily, lower, upper });
      }
      db.deleteRange(lower, upper, { columnFamily });
    }
  }
}
