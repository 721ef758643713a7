// How a backend shares memory: Flink's `RocksDBMemoryConfiguration`.
import type { ConfigOption } from '../config/config-option.ts';
import type { ReadableConfig } from '../config/configuration.ts';
import { checkRatios } from './managed-memory.ts';
import { RocksDBOptions } from './rocksdb-backend-options.ts';

interface Settings {
  useManagedMemory?: boolean;
  /** Bytes. */
  fixedMemoryPerSlot?: number;
  writeBufferRatio?: number;
  highPriorityPoolRatio?: number;
  usePartitionedIndexFilters?: boolean;
}

const OPTIONS: { readonly [N in keyof Settings]-?: ConfigOption<unknown> } = {
  useManagedMemory: RocksDBOptions.USE_MANAGED_MEMORY,
  fixedMemoryPerSlot: RocksDBOptions.FIX_PER_SLOT_MEMORY_SIZE,
  writeBufferRatio: RocksDBOptions.WRITE_BUFFER_RATIO,
  highPriorityPoolRatio: RocksDBOptions.HIGH_PRIORITY_POOL_RATIO,
  usePartitionedIndexFilters: RocksDBOptions.USE_PARTITIONED_INDEX_FILTERS,
};

/** Memory settings made in code; what is not set comes from the configuration. */
export class RocksDBMemoryConfiguration {
  readonly #settings: Settings;

  /** @internal */
  constructor(settings: Settings = {}) {
    this.#settings = { ...settings };
  }

  /** Whether the databases of a slot share its managed memory. Default true. */
  setUseManagedMemory(useManagedMemory: boolean): this {
    return this.#set('useManagedMemory', useManagedMemory);
  }

  /** Gives the databases of a slot a budget of their own: a number of bytes, or text such as `512mb`. */
  setFixedMemoryPerSlot(size: number | string): this {
    return this.#set('fixedMemoryPerSlot', size);
  }

  /** Share of the budget for memtables, between 0 and 1. Default 0.5. */
  setWriteBufferRatio(ratio: number): this {
    return this.#set('writeBufferRatio', ratio);
  }

  /** Share of the cache kept for index and filter blocks, between 0 and 1. Default 0.1. */
  setHighPriorityPoolRatio(ratio: number): this {
    return this.#set('highPriorityPoolRatio', ratio);
  }

  /** Whether index and filter are partitioned, so that they need not be in the cache as a whole. Default false. */
  setUsePartitionedIndexFilters(usePartitionedIndexFilters: boolean): this {
    return this.#set('usePartitionedIndexFilters', usePartitionedIndexFilters);
  }

  isUsingManagedMemory(): boolean {
    return this.#get('useManagedMemory');
  }

  isUsingFixedMemoryPerSlot(): boolean {
    return this.#settings.fixedMemoryPerSlot !== undefined;
  }

  /** In bytes. */
  getFixedMemoryPerSlot(): number | undefined {
    return this.#settings.fixedMemoryPerSlot;
  }

  getWriteBufferRatio(): number {
    return this.#get('writeBufferRatio');
  }

  getHighPriorityPoolRatio(): number {
    return this.#get('highPriorityPoolRatio');
  }

  isUsingPartitionedIndexFilters(): boolean {
    return this.#get('usePartitionedIndexFilters');
  }

  /** @throws RangeError `ERR_INVALID_MEMORY_RATIO` when the ratios leave no room for blocks of data. */
  validate(): void {
    checkRatios(this.getWriteBufferRatio(), this.getHighPriorityPoolRatio());
  }

  /** @internal */
  copy(): RocksDBMemoryConfiguration {
    return new RocksDBMemoryConfiguration(this.#settings);
  }

  /** @internal What was set in code, completed from a configuration. */
  completedFrom(config: ReadableConfig): RocksDBMemoryConfiguration {
    const configured = Object.fromEntries(
      Object.entries(OPTIONS).map(([name, option]) => [name, config.getOptional<unknown>(option)]),
    );
    const completed = new RocksDBMemoryConfiguration({ ...withoutUndefined(configured), ...this.#settings });
    completed.validate();
    return completed;
  }

  #get<N extends 'useManagedMemory' | 'writeBufferRatio' | 'highPriorityPoolRatio' | 'usePartitionedIndexFilters'>(
    name: N,
  ): NonNullable<Settings[N]> {
    return this.#settings[name] ?? (OPTIONS[name].defaultValue as NonNullable<Settings[N]>);
  }

  #set<N extends keyof Settings>(name: N, value: NonNullable<Settings[N]> | string): this {
    this.#settings[name] = OPTIONS[name].parse(value) as NonNullable<Settings[N]>;
    return this;
  }
}

function withoutUndefined(settings: Readonly<Record<string, unknown>>): Settings {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
}
