// Which memtable the column family of a state has: by what its rows are looked up.
import type { StoredState } from '../api/checkpoint.ts';
import type { TypeSerializer } from '../api/type-information.ts';
import { layoutOf } from '../bytes/value-layout.ts';
import { voidNamespaceSerializer } from '../bytes/void-namespace-serializer.ts';
import { keyGroupPrefixBytes } from '../keys/composite-key.ts';

// Flink says that it takes none, and writes one.
const VOID_NAMESPACE_BYTES = 1;

/** What is stored under a name. */
export type FamilyContents = Pick<StoredState, 'name' | 'kind' | 'namespaceFormat'>;

/** How the keys of rows begin. */
export interface RowKeys {
  readonly maxParallelism: number;
  readonly keySerializer: Pick<TypeSerializer<unknown>, 'length' | 'layout'>;
}

/** RocksDB's options for a memtable; none for its own, the skip list. */
export type MemtableOptions = {
  readonly memtable_factory?: string;
  readonly prefix_extractor?: string;
};

/**
 * Rows of a map are found by what those of one key have in common (native/core/prefix_memtable.h), if that can be told; those
 * of other states by their whole keys (row_memtable.h). Timers are read in order, as the skip list has them.
 */
export function memtableOf({ kind, namespaceFormat }: FamilyContents, keys: RowKeys): MemtableOptions {
  if (kind === 'PRIORITY_QUEUE' || kind === 'UNKNOWN') {
    return {};
  }
  const memtable = { memtable_factory: `rockstate.KeyGroupMemTable:${keyGroupPrefixBytes(keys.maxParallelism)}` };
  if (kind !== 'MAP') {
    return memtable;
  }
  const prefix = namespaceFormat === voidNamespaceSerializer.id ? rowPrefix(keys) : undefined;
  return prefix === undefined ? {} : { ...memtable, prefix_extractor: prefix };
}

function rowPrefix({ keySerializer, maxParallelism }: RowKeys): string | undefined {
  const keyGroupBytes = keyGroupPrefixBytes(maxParallelism);
  if (keySerializer.length > 0) {
    return `rocksdb.FixedPrefix.${keyGroupBytes + keySerializer.length + VOID_NAMESPACE_BYTES}`;
  }
  const layout = layoutOf(keySerializer);
  return layout === undefined ? undefined : `rockstate.RowPrefix:${keyGroupBytes}:${layout}:${VOID_NAMESPACE_BYTES}`;
}
