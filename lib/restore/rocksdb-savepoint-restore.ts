// Brings a savepoint back into a RocksDB database. Databases of Flink are opened and clipped as those of checkpoints here are;
// key groups in the canonical format are read on a worker; other rows are written in batches.
import { RestoreError } from '../errors.ts';
import { keyGroupPrefixBytes, rowKeyOf } from '../keys/composite-key.ts';
import { BulkWriter } from '../rocksdb/bulk-writer.ts';
import type { RocksDB } from '../rocksdb/rocksdb.ts';
import { databaseHandles } from './database-files.ts';
import { visitForeignRows } from './foreign-rows.ts';
import { type RestoredDatabase, type RocksDBRestore, restoreRocksDB } from './rocksdb-restore.ts';
import type { SavepointState } from './savepoint-state.ts';

/**
 * Opens a database with the rows of a savepoint; all is in the column families of its states.
 *
 * @throws RestoreError or SavepointFormatError when a file is damaged. Nothing is left open then.
 */
export async function restoreRocksDBSavepoint(
  savepoint: SavepointState,
  restore: Omit<RocksDBRestore, 'source' | 'handles'>,
): Promise<RestoredDatabase> {
  const { handles, storage } = databaseHandles(savepoint, restore.target);
  const source = { storage, handles };
  const restored =
    handles.length === 0
      ? { db: await restore.open(restore.path), unchanged: undefined }
      : await restoreRocksDB({ ...restore, source, handles });
  try {
    await readFiles(restored.db, savepoint, restore);
    await writeForeignRows(restored.db, savepoint, restore.target.maxParallelism);
    await savepoint.release();
    return restored;
  } catch (error) {
    await restored.db.close().catch(() => {});
    throw error;
  }
}

async function readFiles(
  db: RocksDB,
  { files }: SavepointState,
  { signal, target: { maxParallelism } }: Pick<RocksDBRestore, 'signal' | 'target'>,
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

async function writeForeignRows(db: RocksDB, savepoint: SavepointState, maxParallelism: number): Promise<void> {
  const prefixBytes = keyGroupPrefixBytes(maxParallelism);
  const writer = new BulkWriter(db);
  await visitForeignRows(savepoint, ({ id, keyGroup, stateName, value }) =>
    writer.put(db.columnFamily(stateName), rowKeyOf(keyGroup, id, prefixBytes), value),
  );
  await writer.finish();
}
