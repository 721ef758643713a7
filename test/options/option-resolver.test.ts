import { describe, expect, it } from 'vitest';
import { Configuration, type ConfigurationEntries } from '../../lib/config/configuration.ts';
import { BlockBasedTableConfig } from '../../lib/options/block-based-table-config.ts';
import { PredefinedOptions } from '../../lib/options/enums.ts';
import { BloomFilter, type Closeable } from '../../lib/options/filters.ts';
import { arenaBlockSizeWithin } from '../../lib/options/managed-memory.ts';
import { OptionResolver, type OptionSources } from '../../lib/options/option-resolver.ts';
import type { RocksDBOptionsFactory } from '../../lib/options/options-factory.ts';
import { factoryOf } from '../support/open-with-options.ts';

const MIB = 1024 * 1024;
const SHARED = { writeBufferBytes: 32 * MIB, partitionedIndexFilters: false };

interface Sources extends Partial<Omit<OptionSources, 'config'>> {
  readonly config?: ConfigurationEntries;
}

function resolver({ config = {}, ...sources }: Sources = {}): OptionResolver {
  return new OptionResolver({
    preset: 'DEFAULT',
    factory: undefined,
    sharedMemory: undefined,
    ...sources,
    config: new Configuration(config),
  });
}

describe('a preset', () => {
  const BASE = {
    max_background_jobs: '2',
    level_compaction_dynamic_level_bytes: 'false',
    target_file_size_base: String(64 * MIB),
    max_bytes_for_level_base: String(256 * MIB),
    write_buffer_size: String(64 * MIB),
    max_write_buffer_number: '2',
    min_write_buffer_number_to_merge: '1',
    block_size: '4096',
    block_cache: String(8 * MIB),
    // Not Flink's, as docs/options.md says.
    filter_policy: 'bloomfilter:10:false',
  };

  it.each<[PredefinedOptions, Record<string, string>]>([
    ['DEFAULT', {}],
    ['SPINNING_DISK_OPTIMIZED', { max_background_jobs: '4', level_compaction_dynamic_level_bytes: 'true' }],
    [
      'SPINNING_DISK_OPTIMIZED_HIGH_MEM',
      {
        max_background_jobs: '4',
        level_compaction_dynamic_level_bytes: 'true',
        target_file_size_base: '268435456',
        max_bytes_for_level_base: '1073741824',
        write_buffer_size: '67108864',
        max_write_buffer_number: '4',
        min_write_buffer_number_to_merge: '3',
        block_size: '131072',
        block_cache: '268435456',
        filter_policy: 'bloomfilter:10:false',
      },
    ],
    ['FLASH_SSD_OPTIMIZED', { max_background_jobs: '4' }],
  ])('%s sets what it sets in Flink, and nothing else', (preset, changes) => {
    const options = resolver({ preset });
    const family = options.columnFamilyOptions('s');
    const all = {
      ...options.databaseOptions().toOptionMap(),
      ...family.toOptionMap(),
      ...family.tableFormatConfig().toOptionMap(),
    };
    expect(all).toEqual({
      ...BASE,
      use_fsync: 'false',
      stats_dump_period_sec: '0',
      max_open_files: '-1',
      info_log_level: 'INFO_LEVEL',
      max_log_file_size: String(25 * MIB),
      keep_log_file_num: '4',
      create_if_missing: 'true',
      create_missing_column_families: 'true',
      avoid_flush_during_shutdown: 'true',
      compaction_style: 'kCompactionStyleLevel',
      compression_per_level: 'kLZ4Compression',
      metadata_block_size: '4096',
      ...changes,
    });
  });

  it('is known by all its names', () => {
    expect(Object.keys(PredefinedOptions)).toEqual([
      'DEFAULT',
      'SPINNING_DISK_OPTIMIZED',
      'SPINNING_DISK_OPTIMIZED_HIGH_MEM',
      'FLASH_SSD_OPTIMIZED',
    ]);
  });
});

describe('what counts more', () => {
  const STYLE = 'state.backend.rocksdb.compaction.style';
  const universal = factoryOf({ columnFamily: (options) => options.setCompactionStyle('UNIVERSAL') });

  function styleOf(sources: Sources): unknown {
    return resolver(sources).columnFamilyOptions('s').sourced.get('compaction_style');
  }

  it('is the configuration than a preset (T126)', () => {
    const preset = 'SPINNING_DISK_OPTIMIZED';
    expect(styleOf({ preset, config: { [STYLE]: 'UNIVERSAL' } })).toEqual({
      value: 'kCompactionStyleUniversal',
      source: 'configuration',
    });
    expect(styleOf({ preset })).toEqual({ value: 'kCompactionStyleLevel', source: 'preset' });
    expect(styleOf({})).toEqual({ value: 'kCompactionStyleLevel', source: 'default' });
  });

  it('is a factory than both (T127)', () => {
    const expected = { value: 'kCompactionStyleUniversal', source: 'factory' };
    expect(styleOf({ preset: 'SPINNING_DISK_OPTIMIZED', factory: universal })).toEqual(expected);
    expect(styleOf({ config: { [STYLE]: 'FIFO' }, factory: universal })).toEqual(expected);
  });

  it('is any part of a Bloom filter that is configured', () => {
    const bits = { 'state.backend.rocksdb.bloom-filter.bits-per-key': 12 };
    const none = { ...bits, 'state.backend.rocksdb.use-bloom-filter': false };
    const table = (preset: PredefinedOptions, config: ConfigurationEntries) =>
      resolver({ preset, config }).columnFamilyOptions('s').tableFormatConfig().sourced;
    for (const preset of ['SPINNING_DISK_OPTIMIZED_HIGH_MEM', 'DEFAULT'] as const) {
      expect(table(preset, bits).get('filter_policy')).toEqual({
        value: 'bloomfilter:12:false',
        source: 'configuration',
      });
      expect(table(preset, none).has('filter_policy')).toBe(false);
    }
  });
});

describe('with shared memory', () => {
  it('a cache of the family itself is dropped, and index and filter are cached', () => {
    const factory = factoryOf({
      columnFamily: (options) => options.tableFormatConfig().setBlockCacheSize(7).setCacheIndexAndFilterBlocks(false),
    });
    const table = resolver({ sharedMemory: SHARED, factory }).columnFamilyOptions('s').tableFormatConfig();
    expect(table.get('block_cache')).toBeUndefined();
    for (const name of [
      'cache_index_and_filter_blocks',
      'cache_index_and_filter_blocks_with_high_priority',
      'pin_l0_filter_and_index_blocks_in_cache',
    ]) {
      expect(table.sourced.get(name), name).toEqual({ value: 'true', source: 'memory' });
    }
  });

  it('arena blocks fit the budget, unless a factory chose them', () => {
    const ofBudget = resolver({ sharedMemory: SHARED }).columnFamilyOptions('s').sourced.get('arena_block_size');
    expect(ofBudget).toEqual({
      value: String(arenaBlockSizeWithin(SHARED.writeBufferBytes, 64 * 1024 * 1024)),
      source: 'memory',
    });
    const factory = factoryOf({ columnFamily: (options) => options.setArenaBlockSize(8192) });
    const chosen = resolver({ sharedMemory: SHARED, factory }).columnFamilyOptions('s').sourced.get('arena_block_size');
    expect(chosen).toEqual({ value: '8192', source: 'factory' });
  });

  it('partitioned index and filter replace the filter of a factory (T142)', () => {
    const sharedMemory = { ...SHARED, partitionedIndexFilters: true };
    const closed: string[] = [];
    class Filter extends BloomFilter {
      override close(): void {
        closed.push(this.definition);
      }
    }
    const factory: RocksDBOptionsFactory = {
      createDBOptions: (options) => options,
      createColumnOptions(options, handlesToClose) {
        const filter = new Filter(7, true);
        handlesToClose.push(filter);
        return options.setTableFormatConfig(new BlockBasedTableConfig().setFilterPolicy(filter));
      },
    };
    const options = resolver({ sharedMemory, factory });
    expect(options.columnFamilyOptions('s').tableFormatConfig().toOptionMap()).toMatchObject({
      index_type: 'kTwoLevelIndexSearch',
      partition_filters: 'true',
      pin_top_level_index_and_filter: 'true',
      filter_policy: 'bloomfilter:10:false',
    });
    options.close();
    expect(closed).toEqual(['bloomfilter:7:true']);
    const config = { 'state.backend.rocksdb.use-bloom-filter': false };
    const unfiltered = resolver({ sharedMemory, config }).columnFamilyOptions('s').tableFormatConfig();
    expect(unfiltered.get('filter_policy')).toBeUndefined();
    expect(unfiltered.get('partition_filters')).toBe('true');
  });

  it.each(['PlainTable', '{id=PlainTable;user_key_len=8;}', 'CuckooTable'])('a %s is refused', (tableFactory) => {
    const factory = factoryOf({ columnFamily: (options) => options.set('table_factory', tableFactory) });
    expect(() => resolver({ sharedMemory: SHARED, factory }).columnFamilyOptions('s')).toThrow(
      expect.objectContaining({
        code: 'ERR_INVALID_OPTION',
        message: expect.stringContaining("State 's' can't share"),
      }),
    );
    expect(resolver({ factory }).columnFamilyOptions('s').get('table_factory')).toBe(tableFactory);
  });
});

describe('a factory', () => {
  it.each<
    [string, keyof OptionResolver & ('databaseOptions' | 'columnFamilyOptions' | 'readOptions' | 'writeOptions')]
  >([
    ['createDBOptions', 'databaseOptions'],
    ['createColumnOptions', 'columnFamilyOptions'],
    ['createReadOptions', 'readOptions'],
    ['createWriteOptions', 'writeOptions'],
  ])('must answer options from %s', (method, call) => {
    const factory = { ...factoryOf({}), [method]: () => ({ not: 'options' }) } as RocksDBOptionsFactory;
    expect(() => resolver({ factory })[call]('s')).toThrow(
      expect.objectContaining({ code: 'ERR_INVALID_OPTIONS_FACTORY', message: expect.stringContaining(method) }),
    );
  });

  it.each(['merge_operator', 'comparator'])('may not change the %s, on which state depends', (name) => {
    const factory = factoryOf({ columnFamily: (options) => options.set(name, 'other') });
    expect(() => resolver({ factory }).columnFamilyOptions('s')).toThrow(
      expect.objectContaining({
        code: 'ERR_INVALID_OPTION',
        message: `The ${name} of state 's' can't be changed: state depends on it.`,
      }),
    );
  });

  // Options are plain values here: handles are all that there is to release.
  it.each([
    ['T136', 'T141', 1],
    ['T137', 'T141', 20],
  ])('has its handles closed, last first, all of them, once (%s, %s: of %i states)', (_a, _b, states) => {
    const created: string[] = [];
    const closed: string[] = [];
    const add = (name: string, handles: Closeable[]) => {
      created.push(name);
      handles.push({
        close() {
          closed.push(name);
          if (name === 'read' || name === 'state-0') {
            throw new Error(`Artificial failure of ${name}`);
          }
        },
      });
    };
    const options = resolver({
      factory: {
        createDBOptions(current, handles) {
          add('db', handles);
          return current;
        },
        createColumnOptions(current, handles, state) {
          add(state, handles);
          return current;
        },
        createReadOptions(current, handles) {
          add('read', handles);
          return current;
        },
        createWriteOptions(current, handles) {
          add('write', handles);
          return current;
        },
      },
    });
    options.databaseOptions();
    options.readOptions();
    options.writeOptions();
    for (let i = 0; i < states; i++) {
      options.columnFamilyOptions(`state-${i}`);
    }
    expect(closed).toEqual([]);
    const failure = expect.objectContaining({
      name: 'AggregateError',
      errors: ['state-0', 'read'].map((name) => expect.objectContaining({ message: `Artificial failure of ${name}` })),
    });
    expect(() => options.close()).toThrow(failure);
    options.close();
    expect(created).toHaveLength(3 + states);
    expect(closed).toEqual(created.reverse());
  });
});
