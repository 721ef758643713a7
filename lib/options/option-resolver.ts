// What a database and its column families are opened with: defaults and presets < configuration < factory < what shared
// memory forces. Every value remembers where it came from.
import type { ConfigOption } from '../config/config-option.ts';
import type { ReadableConfig } from '../config/configuration.ts';
import { typeError } from '../errors.ts';
import { assignColumnFamilyRows, assignDatabaseRows, type RowSetting } from './assign-rows.ts';
import { ReadOptions, WriteOptions } from './call-options.ts';
import { ColumnFamilyOptions } from './column-family-options.ts';
import { DBOptions } from './db-options.ts';
import type { PredefinedOptions } from './enums.ts';
import { BloomFilter, type Closeable } from './filters.ts';
import { arenaBlockSizeWithin } from './managed-memory.ts';
import { RocksDBNativeMetricOptions } from './native-metric-options.ts';
import type { RocksDBOptionsFactory } from './options-factory.ts';
import { PRESETS, type PresetValues } from './predefined-options.ts';
import { RocksDBOptions } from './rocksdb-backend-options.ts';
import { type ConfigurableRows, RocksDBConfigurableOptions } from './rocksdb-configurable-options.ts';

/** What options are made from. */
export interface OptionSources {
  readonly config: ReadableConfig;
  readonly preset: PredefinedOptions;
  readonly factory: RocksDBOptionsFactory | undefined;
  /** Of memory that is shared with other databases; `undefined` without. */
  readonly sharedMemory: { readonly writeBufferBytes: number; readonly partitionedIndexFilters: boolean } | undefined;
}

// RocksDB's default, where a factory leaves none.
const ROCKSDB_WRITE_BUFFER_BYTES = 64 * 1024 * 1024;

export class OptionResolver implements Closeable {
  readonly #sources: OptionSources;
  readonly #handlesToClose: Closeable[] = [];

  constructor(sources: OptionSources) {
    this.#sources = sources;
  }

  databaseOptions(): DBOptions {
    const current = new DBOptions().assign({ use_fsync: false, stats_dump_period_sec: 0 }, 'default');
    assignDatabaseRows(current, (name) => this.#valueOf(name));
    const options = this.#sources.factory?.createDBOptions(current, this.#handlesToClose) ?? current;
    requireOptions('createDBOptions', DBOptions, options);
    return options.assign(
      { create_if_missing: true, create_missing_column_families: true, avoid_flush_during_shutdown: true },
      'fixed',
    );
  }

  /** @param memtable - the options of the memtable that is made for the state. */
  columnFamilyOptions(state: string, memtable: Readonly<Record<string, string>> = {}): ColumnFamilyOptions {
    const current = assignColumnFamilyRows(new ColumnFamilyOptions(), (name) => this.#valueOf(name));
    if (this.#sources.config.get(RocksDBOptions.MEMTABLE) === 'KEY_GROUP_HASH') {
      current.assign(memtable, 'default');
    }
    const options = this.#sources.factory?.createColumnOptions(current, this.#handlesToClose, state) ?? current;
    requireOptions('createColumnOptions', ColumnFamilyOptions, options);
    refuseWhatStateNeeds(options, state);
    this.#forceSharedMemory(options, state);
    return options;
  }

  readOptions(): ReadOptions {
    const current = new ReadOptions();
    const options = this.#sources.factory?.createReadOptions?.(current, this.#handlesToClose) ?? current;
    requireOptions('createReadOptions', ReadOptions, options);
    return options;
  }

  writeOptions(): WriteOptions {
    const current = new WriteOptions().assign({ disable_wal: true }, 'default');
    const options = this.#sources.factory?.createWriteOptions?.(current, this.#handlesToClose) ?? current;
    requireOptions('createWriteOptions', WriteOptions, options);
    return options;
  }

  nativeMetricOptions(): RocksDBNativeMetricOptions {
    const current = RocksDBNativeMetricOptions.fromConfig(this.#sources.config);
    const options = this.#sources.factory?.createNativeMetricsOptions?.(current) ?? current;
    requireOptions('createNativeMetricsOptions', RocksDBNativeMetricOptions, options);
    return options;
  }

  /** Closes what the factory handed over, last first; all of it, even when one fails. */
  close(): void {
    const failures: unknown[] = [];
    for (const handle of this.#handlesToClose.splice(0).reverse()) {
      try {
        handle.close();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) {
      throw new AggregateError(failures, 'Handles of the options factory could not be closed.');
    }
  }

  #valueOf(name: keyof ConfigurableRows): RowSetting {
    const option: ConfigOption<unknown> = RocksDBConfigurableOptions[name];
    const configured = this.#sources.config.getOptional(option);
    if (configured !== undefined) {
      return { value: configured, source: 'configuration' };
    }
    const preset: PresetValues = PRESETS[this.#sources.preset];
    return preset[name] === undefined
      ? { value: option.defaultValue, source: 'default' }
      : { value: preset[name], source: 'preset' };
  }

  #forceSharedMemory(options: ColumnFamilyOptions, state: string): void {
    const memory = this.#sources.sharedMemory;
    if (memory === undefined) {
      return;
    }
    if (/^(?!BlockBasedTable)/.test(options.get('table_factory') ?? 'BlockBasedTable')) {
      throw typeError(
        'ERR_INVALID_OPTION',
        `State '${state}' can't share memory: its table_factory '${options.get('table_factory')}' is not block-based. ` +
          "Set 'state.backend.rocksdb.memory.managed' to false to use it.",
      );
    }
    if (options.get('arena_block_size') === undefined) {
      const writeBufferBytes = Number(options.get('write_buffer_size') ?? ROCKSDB_WRITE_BUFFER_BYTES);
      const arenaBlockBytes = arenaBlockSizeWithin(memory.writeBufferBytes, writeBufferBytes);
      options.assign({ arena_block_size: arenaBlockBytes }, 'memory');
    }
    const table = options.tableFormatConfig().unset('block_cache').assign(
      {
        cache_index_and_filter_blocks: true,
        cache_index_and_filter_blocks_with_high_priority: true,
        pin_l0_filter_and_index_blocks_in_cache: true,
      },
      'memory',
    );
    if (memory.partitionedIndexFilters) {
      const filtered = table.get('filter_policy') !== undefined;
      table.assign(
        {
          index_type: 'kTwoLevelIndexSearch',
          partition_filters: true,
          pin_top_level_index_and_filter: true,
          // Partitions need a full filter.
          ...(filtered && { filter_policy: new BloomFilter(10).definition }),
        },
        'memory',
      );
    }
  }
}

/** Lists are merged by a certain operator, and key groups are ranges in the order of bytes. */
function refuseWhatStateNeeds(options: ColumnFamilyOptions, state: string): void {
  const name = ['merge_operator', 'comparator'].find((each) => options.get(each) !== undefined);
  if (name !== undefined) {
    throw typeError('ERR_INVALID_OPTION', `The ${name} of state '${state}' can't be changed: state depends on it.`);
  }
}

function requireOptions(method: string, expected: new () => object, received: unknown): void {
  if (!(received instanceof expected)) {
    throw typeError(
      'ERR_INVALID_OPTIONS_FACTORY',
      `${method} must return ${expected.name}; it returned ${String(received)}.`,
    );
  }
}
