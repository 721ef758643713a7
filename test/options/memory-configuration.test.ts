import { describe, expect, it } from 'vitest';
import { Configuration, type ConfigurationEntries } from '../../lib/config/configuration.ts';
import { RocksDBMemoryConfiguration } from '../../lib/options/memory-configuration.ts';

const PREFIX = 'state.backend.rocksdb.memory.';
const MIB = 1024 * 1024;

function completed(entries: ConfigurationEntries, code = new RocksDBMemoryConfiguration()): RocksDBMemoryConfiguration {
  return code.completedFrom(new Configuration(entries));
}

function everythingOf(memory: RocksDBMemoryConfiguration): readonly unknown[] {
  return [
    memory.isUsingManagedMemory(),
    memory.isUsingFixedMemoryPerSlot(),
    memory.getFixedMemoryPerSlot(),
    memory.getWriteBufferRatio(),
    memory.getHighPriorityPoolRatio(),
    memory.isUsingPartitionedIndexFilters(),
  ];
}

const CONFIGURED = {
  [`${PREFIX}managed`]: false,
  [`${PREFIX}fixed-per-slot`]: '2mb',
  [`${PREFIX}write-buffer-ratio`]: 0.4,
  [`${PREFIX}high-prio-pool-ratio`]: '0.2',
  [`${PREFIX}partitioned-index-filters`]: 'true',
};

describe('memory settings', () => {
  it("have Flink's defaults, also after an empty configuration (T128)", () => {
    const defaults = [true, false, undefined, 0.5, 0.1, false];
    expect(everythingOf(new RocksDBMemoryConfiguration())).toEqual(defaults);
    expect(everythingOf(completed({}))).toEqual(defaults);
  });

  it('come from the configuration', () => {
    expect(everythingOf(completed(CONFIGURED))).toEqual([false, true, 2 * MIB, 0.4, 0.2, true]);
  });

  it('made in code go before it, each by itself', () => {
    const code = new RocksDBMemoryConfiguration()
      .setUseManagedMemory(true)
      .setFixedMemoryPerSlot('3mb')
      .setWriteBufferRatio(0.3)
      .setHighPriorityPoolRatio(0.15)
      .setUsePartitionedIndexFilters(false);
    expect(everythingOf(completed(CONFIGURED, code))).toEqual([true, true, 3 * MIB, 0.3, 0.15, false]);
    const ratioAlone = new RocksDBMemoryConfiguration().setWriteBufferRatio(0.3);
    expect(everythingOf(completed(CONFIGURED, ratioAlone))).toEqual([false, true, 2 * MIB, 0.3, 0.2, true]);
  });

  it('are not changed by completing them, nor through a copy', () => {
    const code = new RocksDBMemoryConfiguration();
    completed(CONFIGURED, code);
    code.copy().setUseManagedMemory(false);
    expect(everythingOf(code)).toEqual([true, false, undefined, 0.5, 0.1, false]);
  });

  it.each([
    ['fixed-per-slot', '-1B'],
    ['fixed-per-slot', '0'],
    ['high-prio-pool-ratio', -0.1],
    ['high-prio-pool-ratio', 1.1],
    ['high-prio-pool-ratio', 0],
    ['write-buffer-ratio', -0.1],
    ['write-buffer-ratio', 1.1],
    ['write-buffer-ratio', 1],
    ['managed', 'maybe'],
  ])('may not be %s of %s (T129)', (name, value) => {
    expect(() => completed({ [`${PREFIX}${name}`]: value })).toThrow(
      expect.objectContaining({
        code: 'ERR_INVALID_CONFIG_VALUE',
        message: expect.stringMatching(new RegExp(`${PREFIX}${name}.*${value}`)),
      }),
    );
  });

  it.each([
    () => new RocksDBMemoryConfiguration().setFixedMemoryPerSlot('-1B'),
    () => new RocksDBMemoryConfiguration().setFixedMemoryPerSlot(0),
    () => new RocksDBMemoryConfiguration().setWriteBufferRatio(1.1),
    () => new RocksDBMemoryConfiguration().setHighPriorityPoolRatio(-0.1),
    () => new RocksDBMemoryConfiguration().setUseManagedMemory('maybe' as never),
  ])('may not be set to what is not allowed in code either (T129) %#', (set) => {
    expect(set).toThrow(expect.objectContaining({ code: 'ERR_INVALID_CONFIG_VALUE' }));
  });

  it('are validated together (T130)', () => {
    const memory = new RocksDBMemoryConfiguration()
      .setFixedMemoryPerSlot('128MB')
      .setWriteBufferRatio(0.6)
      .setHighPriorityPoolRatio(0.6);
    const refusal = expect.objectContaining({ code: 'ERR_INVALID_MEMORY_RATIO' });
    expect(() => memory.validate()).toThrow(refusal);
    expect(() => completed({ [`${PREFIX}write-buffer-ratio`]: 0.6, [`${PREFIX}high-prio-pool-ratio`]: 0.6 })).toThrow(
      refusal,
    );
  });
});
