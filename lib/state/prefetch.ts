// Reads rows ahead, off the JS thread, so that RocksDB has their blocks in its cache when they are asked for.

import type { TypeInformation } from '../api/type-information.ts';
import { DataOutput } from '../bytes/data-output.ts';
import { voidNamespaceSerializer } from '../bytes/void-namespace-serializer.ts';
import { CompositeKeyBuilder } from '../keys/composite-key.ts';
import { keyGroupOf } from '../keys/key-groups.ts';
import type { ColumnFamily } from '../rocksdb/column-family.ts';
import type { RocksDB } from '../rocksdb/rocksdb.ts';

/** What to read. */
export interface Prefetch<K> {
  readonly db: RocksDB;
  /** Of states with one row a key. */
  readonly columnFamilies: readonly ColumnFamily[];
  readonly keyType: TypeInformation<K> & { hashCode(key: K): number };
  readonly maxParallelism: number;
}

export async function prefetchRows<K>(keys: Iterable<K>, prefetch: Prefetch<K>): Promise<void> {
  const { db, columnFamilies, keyType, maxParallelism } = prefetch;
  const output = new DataOutput();
  const builder = new CompositeKeyBuilder(keyType.serializer, maxParallelism, () => {
    output.position = 0;
    return output;
  });
  const rows = Array.from(keys, (key) => {
    builder.setKey(key, keyGroupOf(keyType.hashCode(key), maxParallelism));
    builder.withNamespace(undefined, voidNamespaceSerializer);
    return output.copy();
  });
  await Promise.all(columnFamilies.map((columnFamily) => db.multiGetEachAsync(rows, { columnFamily })));
}
