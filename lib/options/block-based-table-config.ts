// The format of tables, with the setters of RocksDB's Java API.
import type { FilterPolicy } from './filters.ts';
import { BLOCK_TABLE_ALIASES, BLOCK_TABLE_OPTION_TYPES } from './native-option-types.ts';
import { type AliasSetters, defineSetters, NativeOptions, type Setters } from './native-options.ts';

/** Has a setter for every option of block-based tables: `block_restart_interval` is `setBlockRestartInterval`. */
export interface BlockBasedTableConfig
  extends Omit<Setters<typeof BLOCK_TABLE_OPTION_TYPES, BlockBasedTableConfig>, 'setFilterPolicy'>,
    AliasSetters<typeof BLOCK_TABLE_ALIASES, BlockBasedTableConfig> {}

/**
 * Options of block-based tables.
 *
 * @example
 * ```ts
 * new BlockBasedTableConfig().setBlockRestartInterval(16).setFilterPolicy(new BloomFilter(10));
 * ```
 */
export class BlockBasedTableConfig extends NativeOptions {
  /** Bytes of the block cache, where memory is not shared. */
  setBlockCacheSize(bytes: number): this {
    return this.set('block_cache', bytes);
  }

  /** Takes a filter, or RocksDB's definition of one; `undefined` removes it. */
  setFilterPolicy(filter: FilterPolicy | string | undefined): this {
    if (filter === undefined) {
      return this.unset('filter_policy');
    }
    return this.set('filter_policy', typeof filter === 'string' ? filter : filter.definition);
  }

  /** The older name of {@link setFilterPolicy}. */
  setFilter(filter: FilterPolicy | string | undefined): this {
    return this.setFilterPolicy(filter);
  }
}

const { filter_policy: _, ...ROWS } = BLOCK_TABLE_OPTION_TYPES;
defineSetters(BlockBasedTableConfig, ROWS, BLOCK_TABLE_ALIASES);
