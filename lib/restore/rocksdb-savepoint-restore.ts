// Brings a savepoint back into a RocksDB database: the rows of its files, each read on a worker.
import { RestoreError } from '../errors.ts';
import { keyGroupPrefixBytes } from '../keys/composite-key.ts';
import type { RocksDB } from '../rocksdb/rocksdb.ts';
import type { SavepointState } from './savepoint-state.ts';

/**
 * Adds the rows to the column families of the states, which are there.
 *
 * @throws RestoreError when a file is damaged.
 */
export async function restoreRocksDBSavepoint(
  db: RocksDB,
  { files }: SavepointState,
  { maxParallelism, signal }: { readonly maxParallelism: number; readonly signal: AbortSignal | undefined },
): Promise<void> {
  for (const { path, compressed, stateNames, keyGroups } of files) {
    const columnFamilies = stateNames.map((name) => db.columnFamily(name));
    const prefixBytes = keyGroupPrefixBytes(maxParallelism);
    try {
      await db.readKeyGroups({ path, compressed, columnFamilies, prefixBytes, keyGroups }, signal);
    } catch (cause) {
      signal?.throwIfAborted();
      throw new RestoreError(`The file at ${path} can't be restored: ${(cause as Error).message}`, { cause });
    }
  }
}
