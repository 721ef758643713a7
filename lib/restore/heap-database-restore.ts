// Reads the databases of a Flink checkpoint into memory: each is brought into a directory, opened and scanned.
import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { KeyedStateHandle } from '../api/checkpoint.ts';
import { DataInput } from '../bytes/data-input.ts';
import { keyBoundsOf, keyGroupPrefixBytes, readKeyGroup } from '../keys/composite-key.ts';
import { intersection } from '../keys/key-groups.ts';
import { RocksDB } from '../rocksdb/rocksdb.ts';
import { DEFAULT_TRANSFERS } from '../storage/transfer.ts';
import type { RestoreTarget } from './check-fits.ts';
import type { DatabaseHandles } from './database-files.ts';
import { downloadDatabase } from './download-database.ts';
import type { RowVisitor } from './foreign-rows.ts';

/** What is wanted of the databases. */
export interface DatabaseTarget extends Pick<RestoreTarget, 'maxParallelism' | 'keyGroupRange'> {
  /** For the databases, which are removed at the end. */
  readonly directory: string;
  readonly signal: AbortSignal | undefined;
}

export async function visitDatabases(
  { handles, storage }: DatabaseHandles,
  target: DatabaseTarget,
  visit: RowVisitor,
): Promise<void> {
  const { directory, signal } = target;
  for (const handle of handles) {
    const path = join(directory, `restore-${randomUUID()}`);
    try {
      const downloads = { storage, transfers: DEFAULT_TRANSFERS, localState: undefined, onProgress: undefined, signal };
      await downloadDatabase(handle, path, downloads);
      await using db = await RocksDB.open(path);
      await visitRows(db, handle, target, visit);
    } finally {
      await rm(path, { recursive: true, force: true });
    }
  }
}

async function visitRows(
  db: RocksDB,
  { keyGroupRange, states }: KeyedStateHandle,
  { keyGroupRange: wanted, maxParallelism }: Pick<RestoreTarget, 'maxParallelism' | 'keyGroupRange'>,
  visit: RowVisitor,
): Promise<void> {
  const range = intersection(keyGroupRange, wanted);
  if (range === undefined) {
    return;
  }
  const prefixBytes = keyGroupPrefixBytes(maxParallelism);
  const bounds = keyBoundsOf(range, maxParallelism);
  for (const { name: stateName } of states) {
    for await (const { key, value } of db.scan({ columnFamily: db.columnFamily(stateName), ...bounds })) {
      const keyGroup = readKeyGroup(prefixBytes, new DataInput(key));
      await visit({ stateName, keyGroup, id: key.subarray(prefixBytes), value });
    }
  }
}
