// Options of a column family, with the setters of RocksDB's Java API.
import { describe, typeError } from '../errors.ts';
import { BlockBasedTableConfig } from './block-based-table-config.ts';
import type { CompressionType } from './enums.ts';
import { BloomFilter } from './filters.ts';
import { COLUMN_FAMILY_ALIASES, COLUMN_FAMILY_OPTION_TYPES } from './native-option-types.ts';
import { type AliasSetters, defineSetters, NativeOptions, type Setters } from './native-options.ts';

/** Has a setter for every option of column families: `write_buffer_size` is `setWriteBufferSize`. */
export interface ColumnFamilyOptions
  extends Setters<typeof COLUMN_FAMILY_OPTION_TYPES, ColumnFamilyOptions>,
    AliasSetters<typeof COLUMN_FAMILY_ALIASES, ColumnFamilyOptions> {}

/** Options of the column family of a state. */
export class ColumnFamilyOptions extends NativeOptions {
  #tableConfig = new BlockBasedTableConfig();

  /** The format of tables; changing it changes these options. */
  tableFormatConfig(): BlockBasedTableConfig {
    return this.#tableConfig;
  }

  /** Replaces the format of tables: what it does not set has RocksDB's default. */
  setTableFormatConfig(config: BlockBasedTableConfig): this {
    if (!(config instanceof BlockBasedTableConfig)) {
      throw typeError(
        'ERR_INVALID_OPTION',
        `setTableFormatConfig takes a BlockBasedTableConfig; received ${describe(config)}.`,
      );
    }
    this.#tableConfig = config;
    return this;
  }

  /** As `setCompression`, by the name that it has in RocksDB's Java API. It only counts without compression per level. */
  setCompressionType(type: CompressionType): this {
    this.unset('compression_per_level');
    return this.setCompression(type) as this;
  }

  /**
   * For states that are read by key and never iterated over: tables with a hash index in each block and a Bloom filter, and
   * a block cache of `blockCacheSizeMb` mebibytes where memory is not shared. The same settings as RocksDB's.
   */
  optimizeForPointLookup(blockCacheSizeMb: number): this {
    this.setTableFormatConfig(
      new BlockBasedTableConfig()
        .setDataBlockIndexType('kDataBlockBinaryAndHash')
        .setDataBlockHashTableUtilRatio(0.75)
        .setFilterPolicy(new BloomFilter(10))
        .setBlockCacheSize(blockCacheSizeMb * 1024 * 1024),
    );
    return this.setMemtablePrefixBloomSizeRatio(0.02).setMemtableWholeKeyFiltering(true) as this;
  }
}

defineSetters(ColumnFamilyOptions, COLUMN_FAMILY_OPTION_TYPES, COLUMN_FAMILY_ALIASES);
