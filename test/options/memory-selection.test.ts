// The choices of Flink's RocksDBSharedResourcesFactory.
import { describe, expect, it } from 'vitest';
import { Configuration, type ConfigurationEntries } from '../../lib/config/configuration.ts';
import { RocksDBMemoryConfiguration } from '../../lib/options/memory-configuration.ts';
import { type MemorySelection, selectMemory } from '../../lib/options/memory-selection.ts';

const MIB = 1024 * 1024;
const MANAGED = 'state.backend.rocksdb.memory.managed';
const PER_SLOT = 'state.backend.rocksdb.memory.fixed-per-slot';
const PER_PROCESS = 'state.backend.rocksdb.memory.fixed-per-tm';
const WRITE_RATIO = 'state.backend.rocksdb.memory.write-buffer-ratio';
const PRIORITY_RATIO = 'state.backend.rocksdb.memory.high-prio-pool-ratio';
const PARTITIONED = 'state.backend.rocksdb.memory.partitioned-index-filters';

function select(
  entries: ConfigurationEntries,
  code: RocksDBMemoryConfiguration = new RocksDBMemoryConfiguration(),
  managedBytes = 8 * MIB,
): MemorySelection | undefined {
  const config = new Configuration(entries);
  return selectMemory(code.completedFrom(config), config, managedBytes);
}

describe('the memory that is shared', () => {
  it.each([
    ['T149', {}, 'managed', 8 * MIB],
    ['T150', { [MANAGED]: false }, undefined, undefined],
    ['T151', { [MANAGED]: true, [PER_PROCESS]: '1mb' }, 'managed', 8 * MIB],
    ['T152', { [PER_PROCESS]: '1mb' }, 'managed', 8 * MIB],
    ['T153', { [PER_SLOT]: '1mb', [PER_PROCESS]: '2mb' }, 'fixed-per-slot', MIB],
    ['T154', { [PER_SLOT]: '1mb', [MANAGED]: true, [PER_PROCESS]: '2mb' }, 'fixed-per-slot', MIB],
    ['T155', { [MANAGED]: false, [PER_PROCESS]: '1mb' }, 'fixed-per-tm', MIB],
    ['no size', { [MANAGED]: false, [PER_PROCESS]: '0' }, undefined, undefined],
    ['without managed', { [MANAGED]: false, [PER_SLOT]: '1mb' }, 'fixed-per-slot', MIB],
  ])('%s: of %j is %s', (_number, entries, kind, totalBytes) => {
    expect(select(entries)?.kind).toBe(kind);
    expect(select(entries)?.totalBytes).toBe(totalBytes);
  });

  it('of a process is split by the ratios of the configuration alone (T156)', () => {
    const code = new RocksDBMemoryConfiguration().setUseManagedMemory(false).setWriteBufferRatio(0.9);
    const selected = select({ [PER_PROCESS]: '123b', [WRITE_RATIO]: 0.5 }, code);
    expect(selected).toMatchObject({
      kind: 'fixed-per-tm',
      totalBytes: 123,
      writeBufferBytes: 41,
      highPriorityRatio: 0.1,
    });
  });

  it('of a slot is split by the ratios of code, then of the configuration', () => {
    const code = new RocksDBMemoryConfiguration().setWriteBufferRatio(0.3);
    const entries = { [WRITE_RATIO]: 0.6, [PRIORITY_RATIO]: 0.2, [PARTITIONED]: true };
    expect(select(entries, code, 3000)).toEqual({
      kind: 'managed',
      totalBytes: 3000,
      cacheBytes: 2700,
      writeBufferBytes: 600,
      highPriorityRatio: 0.2,
      partitionedIndexFilters: true,
    });
  });

  it('is what the configuration gives a slot when nobody says how much it has', () => {
    const config = new Configuration({ 'taskmanager.memory.managed.size': '12mb', 'taskmanager.numberOfTaskSlots': 3 });
    const memory = new RocksDBMemoryConfiguration().completedFrom(config);
    expect(selectMemory(memory, config, undefined)).toMatchObject({ kind: 'managed', totalBytes: 4 * MIB });
  });

  it('of a process may not have ratios that leave no room, either', () => {
    const config = new Configuration({ [PER_PROCESS]: '1mb', [WRITE_RATIO]: 0.6, [PRIORITY_RATIO]: 0.6 });
    const code = new RocksDBMemoryConfiguration().setUseManagedMemory(false);
    expect(() => selectMemory(code, config, 0)).toThrow(expect.objectContaining({ code: 'ERR_INVALID_MEMORY_RATIO' }));
  });

  it.each([0, -1, 1.5, Number.NaN, 2 ** 53, '64mb' as never])('of a slot may not be %j', (managedBytes) => {
    const refusal = expect.objectContaining({ name: 'RangeError', code: 'ERR_INVALID_MANAGED_MEMORY' });
    expect(() => select({}, undefined, managedBytes)).toThrow(refusal);
    expect(select({ [PER_SLOT]: '1mb' }, undefined, managedBytes)?.kind).toBe('fixed-per-slot');
    expect(select({ [MANAGED]: false }, undefined, managedBytes)).toBeUndefined();
  });
});
