import { describe, expect, it } from 'vitest';
import { EmbeddedRocksDBStateBackend } from '../../lib/backend/embedded-rocksdb-state-backend.ts';
import { factoryOf, STATE, withConfigured, withOpened } from '../support/open-with-options.ts';

describe('the options in effect', () => {
  it('say of each where it came from', () =>
    withOpened(
      new EmbeddedRocksDBStateBackend()
        .configure({ 'state.backend.rocksdb.files.open': 100, 'state.backend.rocksdb.memory.fixed-per-slot': '64mb' })
        .setPredefinedOptions('SPINNING_DISK_OPTIMIZED')
        .setRocksDBOptions(
          factoryOf({
            db: (options) => options.setStatsDumpPeriodSec(7),
            columnFamily: (options) => options.setNumLevels(5),
          }),
        ),
      ({ effective, columnFamily }) => {
        expect(effective.database).toMatchObject({
          keep_log_file_num: { value: '4', source: 'default' },
          max_background_jobs: { value: '4', source: 'preset' },
          max_open_files: { value: '100', source: 'configuration' },
          stats_dump_period_sec: { value: '7', source: 'factory' },
          create_if_missing: { value: 'true', source: 'fixed' },
          create_missing_column_families: { value: 'true', source: 'fixed' },
          avoid_flush_during_shutdown: { value: 'true', source: 'fixed' },
          max_subcompactions: { value: '1', source: 'RocksDB' },
        });
        expect(columnFamily.options).toMatchObject({
          write_buffer_size: { value: '67108864', source: 'default' },
          level_compaction_dynamic_level_bytes: { value: 'true', source: 'preset' },
          num_levels: { value: '5', source: 'factory' },
          arena_block_size: { source: 'memory' },
          merge_operator: { value: 'StringAppendTESTOperator', source: 'fixed' },
          bloom_locality: { value: '0', source: 'RocksDB' },
        });
        expect(columnFamily.tableOptions).toMatchObject({
          block_size: { value: '4096', source: 'default' },
          cache_index_and_filter_blocks: { value: 'true', source: 'memory' },
          format_version: { source: 'RocksDB' },
        });
        expect(effective.writeOptions).toEqual({ disable_wal: { value: 'true', source: 'default' } });
        expect(effective.readOptions).toEqual({});
      },
    ));

  it('have no write-ahead log, as a checkpoint restores what was written (T170)', () =>
    withConfigured({}, ({ effective }) => {
      expect(effective.writeOptions).toEqual({ disable_wal: { value: 'true', source: 'default' } });
    }));

  it('are those of every state, the default family included', () =>
    withConfigured({}, ({ effective }) => {
      expect(Object.keys(effective.columnFamilies).sort()).toEqual(['default', STATE]);
    }));

  it('with partitioned index and filters on shared memory (T142)', () =>
    withConfigured(
      {
        'state.backend.rocksdb.memory.fixed-per-slot': '64mb',
        'state.backend.rocksdb.memory.partitioned-index-filters': true,
        'state.backend.rocksdb.use-bloom-filter': true,
        'state.backend.rocksdb.bloom-filter.bits-per-key': 12,
      },
      ({ columnFamily: { tableOptions } }) => {
        expect(tableOptions).toMatchObject({
          index_type: { value: 'kTwoLevelIndexSearch', source: 'memory' },
          partition_filters: { value: 'true', source: 'memory' },
          pin_top_level_index_and_filter: { value: 'true', source: 'memory' },
          filter_policy: { value: 'bloomfilter:10:false', source: 'memory' },
        });
      },
    ));

  it('can not be asked for when the backend is closed', async () => {
    let asked: (() => Promise<unknown>) | undefined;
    await withConfigured({}, ({ keyed }) => {
      asked = () => keyed.effectiveOptions();
    });
    await expect(asked?.()).rejects.toThrow(expect.objectContaining({ code: 'ERR_BACKEND_CLOSED' }));
  });
});
