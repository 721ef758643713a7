// The options that a database and its column families are opened with, one after the other.
import type { EffectiveOptions } from '../api/backend.ts';
import type { ReadOptions, WriteOptions } from '../options/call-options.ts';
import type { ColumnFamilyOptions } from '../options/column-family-options.ts';
import type { DBOptions } from '../options/db-options.ts';
import type { Closeable } from '../options/filters.ts';
import type { RocksDBNativeMetricOptions } from '../options/native-metric-options.ts';
import { OptionResolver, type OptionSources } from '../options/option-resolver.ts';
import type { ColumnFamilyOptions as NamedColumnFamilyOptions, OpenOptions } from '../rocksdb/open-options.ts';
import type { SharedMemory } from '../rocksdb/shared-memory.ts';
import { readEffectiveOptions } from './effective-options.ts';
import { type FamilyContents, type MemtableOptions, memtableOf, type RowKeys } from './state-memtable.ts';

const DEFAULT_FAMILY = 'default';

interface OfDatabase {
  readonly database: DBOptions;
  readonly readOptions: ReadOptions;
  readonly writeOptions: WriteOptions;
}

export class OpenedOptions implements Closeable {
  readonly #resolver: OptionResolver;
  readonly #keys: RowKeys;
  readonly #memtables = new Map<string, MemtableOptions>();
  readonly #columnFamilies = new Map<string, ColumnFamilyOptions>();
  #ofDatabase: OfDatabase | undefined;

  constructor(sources: OptionSources, keys: RowKeys) {
    this.#resolver = new OptionResolver(sources);
    this.#keys = keys;
  }

  /** Says what is, or will be, in the column family of a name. */
  declare(contents: FamilyContents): void {
    this.#memtables.set(contents.name, memtableOf(contents, this.#keys));
    this.#columnFamilies.delete(contents.name);
  }

  /** To open a database with the column families of these states. */
  openOptions(states: readonly string[], memory: SharedMemory | undefined): OpenOptions {
    const ofDatabase = this.#resolvedDatabase();
    return {
      options: ofDatabase.database.toOptionMap(),
      columnFamilies: Object.fromEntries(states.map((name) => [name, this.ofColumnFamily(name)])),
      defaults: this.ofColumnFamily(DEFAULT_FAMILY),
      readOptions: ofDatabase.readOptions.toOptionMap(),
      writeOptions: ofDatabase.writeOptions.toOptionMap(),
      ...(memory !== undefined && { memory }),
    };
  }

  /** To create the column family of a state. */
  ofColumnFamily(state: string): NamedColumnFamilyOptions {
    const options =
      this.#columnFamilies.get(state) ?? this.#resolver.columnFamilyOptions(state, this.#memtables.get(state) ?? {});
    this.#columnFamilies.set(state, options);
    return { options: options.toOptionMap(), tableOptions: options.tableFormatConfig().toOptionMap() };
  }

  /** Which native metrics are on. */
  nativeMetrics(): RocksDBNativeMetricOptions {
    return this.#resolver.nativeMetricOptions();
  }

  /** What the open database in a directory really runs with. */
  effective(directory: string): Promise<EffectiveOptions> {
    return readEffectiveOptions(directory, { ...this.#resolvedDatabase(), columnFamilies: this.#columnFamilies });
  }

  /** Closes what the options factory handed over. */
  close(): void {
    this.#resolver.close();
  }

  #resolvedDatabase(): OfDatabase {
    this.#ofDatabase ??= {
      database: this.#resolver.databaseOptions(),
      readOptions: this.#resolver.readOptions(),
      writeOptions: this.#resolver.writeOptions(),
    };
    return this.#ofDatabase;
  }
}
