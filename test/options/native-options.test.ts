import { describe, expect, it } from 'vitest';
import { BlockBasedTableConfig } from '../../lib/options/block-based-table-config.ts';
import { WriteOptions } from '../../lib/options/call-options.ts';
import { ColumnFamilyOptions } from '../../lib/options/column-family-options.ts';
import { DBOptions } from '../../lib/options/db-options.ts';
import { BloomFilter, RibbonFilter } from '../../lib/options/filters.ts';

describe('setters', () => {
  it('answer the options, so that they can be chained', () => {
    const options = new DBOptions();
    expect(options.setUseFsync(true).setIncreaseParallelism(4).set('max_open_files', 100)).toBe(options);
    expect(options.toOptionMap()).toEqual({ use_fsync: 'true', max_background_jobs: '4', max_open_files: '100' });
  });

  it('take the names of enumerations that Flink and Java have', () => {
    const options = new ColumnFamilyOptions()
      .setCompactionStyle('UNIVERSAL')
      .setCompressionPerLevel(['NO_COMPRESSION', 'ZSTD_COMPRESSION'])
      .setBottommostCompressionType('LZ4_COMPRESSION');
    expect(options.toOptionMap()).toEqual({
      compaction_style: 'kCompactionStyleUniversal',
      compression_per_level: 'kNoCompression:kZSTD',
      bottommost_compression: 'kLZ4Compression',
    });
  });

  it.each<[string, () => unknown]>([
    ['setUseFsync takes a value of type boolean; received 1', () => new DBOptions().setUseFsync(1 as never)],
    ['setMaxOpenFiles takes a value of type integer; received 1.5', () => new DBOptions().setMaxOpenFiles(1.5)],
    [
      'setMaxOpenFiles takes a value of type integer; received "9"',
      () => new DBOptions().setMaxOpenFiles('9' as never),
    ],
    ['setMaxOpenFiles takes a value of type integer; received NaN', () => new DBOptions().setMaxOpenFiles(Number.NaN)],
    ['setDbHostId takes a value of type text; received 7', () => new DBOptions().setDbHostId(7 as never)],
    [
      'setCompactionStyle takes one of LEVEL, UNIVERSAL, FIFO, NONE; received "LEV"',
      () => new ColumnFamilyOptions().setCompactionStyle('LEV' as never),
    ],
    [
      'setCompactionStyle takes one of LEVEL, UNIVERSAL, FIFO, NONE; received "constructor"',
      () => new ColumnFamilyOptions().setCompactionStyle('constructor' as never),
    ],
    ['setCompressionPerLevel takes', () => new ColumnFamilyOptions().setCompressionPerLevel(['ZSTD' as never])],
    ['setCompressionPerLevel takes', () => new ColumnFamilyOptions().setCompressionPerLevel('ZSTD' as never)],
    ['setBloomLocality takes', () => new ColumnFamilyOptions().setBloomLocality(undefined as never)],
    [
      'setTableFormatConfig takes a BlockBasedTableConfig',
      () => new ColumnFamilyOptions().setTableFormatConfig({ blockSize: 7 } as never),
    ],
    ["Option 'anything' must be", () => new DBOptions().set('anything', {} as never)],
    ["Option 'block_cache' must be", () => new BlockBasedTableConfig().setBlockCacheSize(undefined as never)],
  ])('refuse what does not fit: %s', (message, set) => {
    expect(set).toThrow(expect.objectContaining({ name: 'TypeError', code: 'ERR_INVALID_OPTION' }));
    expect(set).toThrow(message);
  });
});

describe('options of a column family', () => {
  it('have a table configuration, which can be changed or replaced', () => {
    const options = new ColumnFamilyOptions();
    options.tableFormatConfig().setBlockSize(8192);
    expect(options.tableFormatConfig().toOptionMap()).toEqual({ block_size: '8192' });
    const config = new BlockBasedTableConfig().setBlockRestartInterval(4);
    expect(options.setTableFormatConfig(config).tableFormatConfig()).toBe(config);
  });

  it('with a compression type have none per level', () => {
    const options = new ColumnFamilyOptions().setCompressionPerLevel(['NO_COMPRESSION']);
    expect(options.setCompressionType('ZSTD_COMPRESSION').toOptionMap()).toEqual({ compression: 'kZSTD' });
  });
});

describe('filters', () => {
  it.each([
    ['bloomfilter:10:false', new BloomFilter()],
    ['bloomfilter:7.5:true', new BloomFilter(7.5, true)],
    ['ribbonfilter:12', new RibbonFilter(12)],
    ['rocksdb.internal:anything', 'rocksdb.internal:anything'],
  ])('are set as %s, by either name, and removed', (definition, filter) => {
    const table = new BlockBasedTableConfig();
    expect(table.setFilterPolicy(filter).get('filter_policy')).toBe(definition);
    expect(table.setFilterPolicy(undefined).get('filter_policy')).toBeUndefined();
    expect(table.setFilter(filter).get('filter_policy')).toBe(definition);
  });
});

it('the log of writes goes by its name in Java, too', () => {
  expect(new WriteOptions().setDisableWAL(false).toOptionMap()).toEqual({ disable_wal: 'false' });
});
