// Flink's options factory that does what a configuration says.
import type { ConfigOption } from '../config/config-option.ts';
import { Configuration, type ReadableConfig } from '../config/configuration.ts';
import { assignColumnFamilyRows, assignDatabaseRows, type RowSetting } from './assign-rows.ts';
import type { ColumnFamilyOptions } from './column-family-options.ts';
import type { DBOptions } from './db-options.ts';
import { type CamelCase, setterName } from './native-options.ts';
import type { RowValue } from './option-rows.ts';
import type { ConfigurableRocksDBOptionsFactory } from './options-factory.ts';
import {
  BLOCK_TABLE_ROWS,
  BLOOM_FILTER_ROWS,
  COLUMN_FAMILY_ROWS,
  type ConfigurableRows,
  DATABASE_ROWS,
  RocksDBConfigurableOptions,
} from './rocksdb-configurable-options.ts';

type FactoryRows = typeof DATABASE_ROWS &
  typeof COLUMN_FAMILY_ROWS &
  typeof BLOCK_TABLE_ROWS &
  typeof BLOOM_FILTER_ROWS;

type RowSetters = {
  [N in keyof FactoryRows & string as `set${CamelCase<Lowercase<N>>}`]: (
    value: RowValue<FactoryRows[N]> | string,
  ) => DefaultConfigurableOptionsFactory;
};

/** Has a setter for every option of RocksDB: `MAX_BACKGROUND_THREADS` is `setMaxBackgroundThreads`. */
export interface DefaultConfigurableOptionsFactory extends RowSetters {}

/**
 * Sets what it was told in code, else by the configuration. A factory of your own may extend it.
 *
 * @example
 * ```ts
 * backend.setRocksDBOptions(new DefaultConfigurableOptionsFactory().setMaxBackgroundThreads(4).setBlockSize('16kb'));
 * ```
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the setters are defined from the tables below.
export class DefaultConfigurableOptionsFactory implements ConfigurableRocksDBOptionsFactory {
  readonly #code = new Configuration();
  #config: ReadableConfig = new Configuration();

  configure(config: ReadableConfig): this {
    this.#config = config;
    return this;
  }

  createDBOptions(currentOptions: DBOptions): DBOptions {
    return assignDatabaseRows(currentOptions, (name) => this.#find(name));
  }

  createColumnOptions(currentOptions: ColumnFamilyOptions): ColumnFamilyOptions {
    return assignColumnFamilyRows(currentOptions, (name) => this.#find(name));
  }

  /** @internal */
  set(name: keyof ConfigurableRows, value: string): this {
    this.#code.set(RocksDBConfigurableOptions[name] as ConfigOption<unknown>, value);
    return this;
  }

  #find(name: keyof ConfigurableRows): RowSetting {
    const option: ConfigOption<unknown> = RocksDBConfigurableOptions[name];
    return { value: this.#code.getOptional(option) ?? this.#config.getOptional(option), source: 'factory' };
  }
}

for (const name of Object.keys({
  ...DATABASE_ROWS,
  ...COLUMN_FAMILY_ROWS,
  ...BLOCK_TABLE_ROWS,
  ...BLOOM_FILTER_ROWS,
})) {
  Object.defineProperty(DefaultConfigurableOptionsFactory.prototype, setterName(name.toLowerCase()), {
    value(this: DefaultConfigurableOptionsFactory, value: string) {
      return this.set(name as keyof ConfigurableRows, value);
    },
  });
}
