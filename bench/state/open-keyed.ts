// Keyed backends, as Flink's own state benchmarks open them.
import {
  type ConfigurationEntries,
  EmbeddedRocksDBStateBackend,
  HashMapStateBackend,
  type KeyedStateBackend,
  type StateDescriptor,
  type TtlTimeProvider,
  Types,
} from '../../lib/index.ts';
import type { StateRequest } from './side.ts';

const KEY_GROUPS = 2;

export function openKeyed(
  descriptor: StateDescriptor<unknown>,
  { backend, memory, directory, config }: Omit<StateRequest, 'item' | 'keys'> & { config?: ConfigurationEntries },
  ttlTimeProvider?: TtlTimeProvider,
): Promise<KeyedStateBackend<number>> {
  const settings =
    memory === 'unmanaged'
      ? { 'state.backend.rocksdb.memory.managed': 'false' }
      : { 'state.backend.rocksdb.memory.fixed-per-slot': memory };
  const opener =
    backend === 'hashmap'
      ? new HashMapStateBackend()
      : new EmbeddedRocksDBStateBackend().configure({ ...settings, ...config });
  return opener.createKeyedStateBackend({
    keyType: Types.LONG,
    maxParallelism: KEY_GROUPS,
    localDir: directory,
    states: [descriptor],
    slot: {},
    ...(ttlTimeProvider && { ttlTimeProvider }),
  });
}
