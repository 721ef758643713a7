// Copies the wanted rows of a database into another.
import { join } from 'node:path';
import { keyBoundsOf } from '../keys/composite-key.ts';
import { intersection } from '../keys/key-groups.ts';
import type { RocksDB } from '../rocksdb/rocksdb.ts';
import type { RestoreTarget } from './check-fits.ts';
import type { SourceDatabase } from './source-databases.ts';

export async function copyRows(
  { handle, db: from }: SourceDatabase,
  to: RocksDB,
  target: RestoreTarget,
): Promise<void> {
  const range = intersection(handle.keyGroupRange, target.keyGroupRange);
  if (range === undefined) {
    return;
  }
  const bounds = keyBoundsOf(range, target.maxParallelism);
  for (const { name } of handle.states) {
    const fromColumnFamily = from.columnFamily(name);
    const directory = join(from.path, `copy-${fromColumnFamily.number}`);
    await to.copyRange({ columnFamily: to.columnFamily(name), from, fromColumnFamily, ...bounds, directory });
  }
}
