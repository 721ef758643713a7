// A user's own options.
import type { ReadableConfig } from '../config/configuration.ts';
import type { ReadOptions, WriteOptions } from './call-options.ts';
import type { ColumnFamilyOptions } from './column-family-options.ts';
import type { DBOptions } from './db-options.ts';
import type { Closeable } from './filters.ts';
import type { RocksDBNativeMetricOptions } from './native-metric-options.ts';

/**
 * Changes the options of databases and column families, after presets and configuration and before what shared memory
 * forces. What is pushed to `handlesToClose` is closed with the keyed backend, last first, also when it fails to open.
 *
 * @example
 * ```ts
 * class MyFactory implements RocksDBOptionsFactory {
 *   createDBOptions(options: DBOptions): DBOptions {
 *     return options.setIncreaseParallelism(4).setUseFsync(false);
 *   }
 *   createColumnOptions(options: ColumnFamilyOptions): ColumnFamilyOptions {
 *     return options.setTableFormatConfig(new BlockBasedTableConfig().setBlockRestartInterval(16));
 *   }
 * }
 * ```
 */
export interface RocksDBOptionsFactory {
  createDBOptions(currentOptions: DBOptions, handlesToClose: Closeable[]): DBOptions;
  /** `state` is the name of the state whose column family it is: options may differ by state. */
  createColumnOptions(
    currentOptions: ColumnFamilyOptions,
    handlesToClose: Closeable[],
    state: string,
  ): ColumnFamilyOptions;
  /** Which of RocksDB's own numbers are kept as metrics; beside those that the configuration turns on. */
  createNativeMetricsOptions?(nativeMetricOptions: RocksDBNativeMetricOptions): RocksDBNativeMetricOptions;
  createReadOptions?(currentOptions: ReadOptions, handlesToClose: Closeable[]): ReadOptions;
  createWriteOptions?(currentOptions: WriteOptions, handlesToClose: Closeable[]): WriteOptions;
}

/** A factory with options of its own in the configuration. */
export interface ConfigurableRocksDBOptionsFactory extends RocksDBOptionsFactory {
  /** Reads the configuration; answers the factory to use, which may be this one. */
  configure(config: ReadableConfig): RocksDBOptionsFactory;
}

/** Whether a factory wants to see the configuration. */
export function isConfigurable(factory: RocksDBOptionsFactory): factory is ConfigurableRocksDBOptionsFactory {
  return typeof (factory as Partial<ConfigurableRocksDBOptionsFactory>).configure === 'function';
}
