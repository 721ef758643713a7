// Copies the wanted rows of a database into another.
import { join } from 'node:path';
import type { RocksDB } from '../rocksdb/rocksdb.ts';
import type { RestoreTarget } from './check-fits.ts';
import { firstKeyOf } from './clip.ts';
import { intersection } from './select-handles.ts';
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
  const lower = firstKeyOf(range.start, target.maxParallelism);
  const upper = firstKeyOf(range.end + 1, target.maxParallelism);
  for (const { name } of handle.states) {
    const fromColumnFamily = from.columnFamily(name);
    const directory = join(from.path, `copy-${fromColumnFamily.number}`);
    await to.copyRange({ columnFamily: to.columnFamily(name), from, fromColumnFamily, lower, upper, directory });
  }
}
