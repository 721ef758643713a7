// What Flink's RocksDBStateBackendConfigTest says of settings in code and in the configuration.
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EmbeddedRocksDBStateBackend } from '../../lib/backend/embedded-rocksdb-state-backend.ts';
import { Configuration, type ConfigurationEntries } from '../../lib/config/configuration.ts';
import { PriorityQueueStateType } from '../../lib/options/enums.ts';
import { RocksDBOptions } from '../../lib/options/rocksdb-backend-options.ts';
import { RocksDBConfigurableOptions } from '../../lib/options/rocksdb-configurable-options.ts';
import { readLog, UNSHARED, withConfigured } from '../support/open-with-options.ts';

const PREFIX = 'state.backend.rocksdb.';
const MIB = 1024 * 1024;

function configured(entries: ConfigurationEntries): EmbeddedRocksDBStateBackend {
  return new EmbeddedRocksDBStateBackend().configure(
    Object.fromEntries(Object.entries(entries).map(([key, value]) => [PREFIX + key, value])),
  );
}

describe('a new backend', () => {
  it('takes incremental checkpoints as its constructor, else the configuration says (T084)', () => {
    const on = { 'execution.checkpointing.incremental': true };
    expect(new EmbeddedRocksDBStateBackend().isIncrementalCheckpointsEnabled()).toBe(false);
    expect(new EmbeddedRocksDBStateBackend().configure(on).isIncrementalCheckpointsEnabled()).toBe(true);
    expect(new EmbeddedRocksDBStateBackend(false).configure(on).isIncrementalCheckpointsEnabled()).toBe(false);
    expect(new EmbeddedRocksDBStateBackend(true).configure({}).isIncrementalCheckpointsEnabled()).toBe(true);
  });

  it('has the storage paths that it was given, in order (T087)', () => {
    const backend = new EmbeddedRocksDBStateBackend();
    expect(backend.getDbStoragePaths()).toBeUndefined();
    expect(backend.setDbStoragePath('/a').getDbStoragePaths()).toEqual(['/a']);
    expect(backend.setDbStoragePath(undefined).getDbStoragePaths()).toBeUndefined();
    expect(backend.setDbStoragePaths('/b', '/a').getDbStoragePaths()).toEqual(['/b', '/a']);
    expect(backend.setDbStoragePaths().getDbStoragePaths()).toBeUndefined();
  });

  it('keeps timers in RocksDB or on the heap (T088)', () => {
    expect(RocksDBOptions.TIMER_SERVICE_FACTORY.key).toBe(`${PREFIX}timer-service.factory`);
    expect(RocksDBOptions.TIMER_SERVICE_FACTORY.defaultValue).toBe('ROCKSDB');
    expect(Object.keys(PriorityQueueStateType)).toEqual(['ROCKSDB', 'HEAP']);
    expect(new EmbeddedRocksDBStateBackend().getPriorityQueueStateType()).toBe('ROCKSDB');
  });

  it('keeps timers where the configuration (T089), or code before it (T091), says', () => {
    expect(configured({ 'timer-service.factory': 'HEAP' }).getPriorityQueueStateType()).toBe('HEAP');
    const inCode = new EmbeddedRocksDBStateBackend().setPriorityQueueStateType('HEAP');
    expect(inCode.configure({ [`${PREFIX}timer-service.factory`]: 'ROCKSDB' }).getPriorityQueueStateType()).toBe(
      'HEAP',
    );
  });

  it('has a cache of timers of the configured size (T090)', () => {
    const config = new Configuration({ [`${PREFIX}timer-service.cache-size`]: '512' });
    expect(config.get(RocksDBOptions.TIMER_SERVICE_CACHE_SIZE)).toBe(512);
    expect(new Configuration().get(RocksDBOptions.TIMER_SERVICE_CACHE_SIZE)).toBe(128);
  });

  it('has a preset by default, by the configuration, by code (T100)', () => {
    expect(new EmbeddedRocksDBStateBackend().getPredefinedOptions()).toBe('DEFAULT');
    const backend = configured({ 'predefined-options': 'FLASH_SSD_OPTIMIZED' });
    expect(backend.getPredefinedOptions()).toBe('FLASH_SSD_OPTIMIZED');
    expect(backend.setPredefinedOptions('SPINNING_DISK_OPTIMIZED').getPredefinedOptions()).toBe(
      'SPINNING_DISK_OPTIMIZED',
    );
    expect(() => backend.setPredefinedOptions('FASTEST' as never)).toThrow(
      expect.objectContaining({ code: 'ERR_INVALID_CONFIG_VALUE' }),
    );
  });

  it.each<[string, string, (backend: EmbeddedRocksDBStateBackend) => unknown, unknown, unknown]>([
    ['T131', 'restore-overlap-fraction-threshold', (each) => each.getOverlapFractionThreshold(), 0, 0.3],
    ['T132', 'use-ingest-db-restore-mode', (each) => each.getUseIngestDbRestoreMode(), false, true],
    ['T133', 'rescaling.use-delete-files-in-range', (each) => each.isRescalingUseDeleteFilesInRange(), false, true],
    [
      'T134',
      'incremental-restore-async-compact-after-rescale',
      (each) => each.getIncrementalRestoreAsyncCompactAfterRescale(),
      false,
      true,
    ],
    ['', 'write-batch-size', (each) => each.getWriteBatchSize(), 2 * MIB, 512],
    ['', 'hot-state-cache.size', (each) => each.getHotStateCacheSize(), 0, 8 * MIB],
    ['', 'checkpoint.transfer.thread.num', (each) => each.getNumberOfTransferThreads(), 4, 7],
  ])('%s: %s has a default and can be configured', (_number, key, get, byDefault, value) => {
    expect(get(new EmbeddedRocksDBStateBackend())).toBe(byDefault);
    expect(get(configured({}))).toBe(byDefault);
    expect(get(configured({ [key]: value }))).toBe(value);
  });

  it('knows the settings of the compaction filter (T135)', () => {
    const config = new Configuration({
      [`${PREFIX}compaction.filter.periodic-compaction-time`]: '1d',
      [`${PREFIX}compaction.filter.query-time-after-num-entries`]: '100',
    });
    expect(config.get(RocksDBConfigurableOptions.COMPACT_FILTER_PERIODIC_COMPACTION_TIME)).toBe(86_400_000);
    expect(config.get(RocksDBConfigurableOptions.COMPACT_FILTER_QUERY_TIME_AFTER_NUM_ENTRIES)).toBe(100);
  });

  it('runs transfers one at a time, or as many as usual, for numbers that are none', () => {
    const transfers = (count: number) =>
      configured({ 'checkpoint.transfer.thread.num': count }).getNumberOfTransferThreads();
    expect([0, 1, -1].map(transfers)).toEqual([1, 1, 4]);
    for (const count of [0, -1, Number.NaN, 1.5]) {
      expect(() => new EmbeddedRocksDBStateBackend().setNumberOfTransferThreads(count)).toThrow(
        expect.objectContaining({ code: 'ERR_INVALID_CONFIG_VALUE' }),
      );
    }
  });
});

describe('configure()', () => {
  it('answers a new backend and leaves the old one as it is', () => {
    const original = new EmbeddedRocksDBStateBackend();
    const changed = original.configure({ [`${PREFIX}write-batch-size`]: '1kb' });
    expect(changed).not.toBe(original);
    expect([original.getWriteBatchSize(), changed.getWriteBatchSize()]).toEqual([2 * MIB, 1024]);
    changed.setWriteBatchSize(7).getMemoryConfiguration().setWriteBufferRatio(0.3);
    const again = changed.configure({});
    again.setWriteBatchSize(8).getMemoryConfiguration().setWriteBufferRatio(0.4);
    expect(changed.getWriteBatchSize()).toBe(7);
    expect(changed.getMemoryConfiguration().getWriteBufferRatio()).toBe(0.3);
    expect(original.getMemoryConfiguration().getWriteBufferRatio()).toBe(0.5);
  });

  it('lets a later configuration go before an earlier one, and code before both', () => {
    const backend = configured({ 'write-batch-size': '1kb', 'checkpoint.transfer.thread.num': 2 });
    const later = backend.configure({ [`${PREFIX}write-batch-size`]: '3kb' });
    expect([later.getWriteBatchSize(), later.getNumberOfTransferThreads()]).toEqual([3072, 2]);
    expect(
      backend
        .setWriteBatchSize(5)
        .configure({ [`${PREFIX}write-batch-size`]: '3kb' })
        .getWriteBatchSize(),
    ).toBe(5);
  });

  it('keeps the factory and the paths of code', () => {
    const factory = { createDBOptions: (o: never) => o, createColumnOptions: (o: never) => o };
    const backend = new EmbeddedRocksDBStateBackend().setRocksDBOptions(factory as never).setDbStoragePath('/a');
    const changed = backend.configure({ [`${PREFIX}localdir`]: '/b' });
    expect(changed.getRocksDBOptions()).toBe(factory);
    expect(changed.getDbStoragePaths()).toEqual(['/a']);
  });

  it('has no part in later changes of the configuration that it was given', () => {
    const config = new Configuration({ [`${PREFIX}write-batch-size`]: '1kb' });
    const backend = new EmbeddedRocksDBStateBackend().configure(config);
    config.setString(`${PREFIX}write-batch-size`, '2kb');
    expect(backend.getWriteBatchSize()).toBe(1024);
  });
});

describe('an open backend', () => {
  it('has the compressions that were configured, abbreviated or not (T092)', () =>
    withConfigured(
      { [`${PREFIX}compression.per.level`]: 'no_compression;SNAPPY_COMPRESSION' },
      ({ columnFamily: { options } }) => {
        expect(options.compression_per_level?.value).toBe('kNoCompression:kSnappyCompression');
      },
    ));

  it('has all legal values at once (T123)', async () => {
    const logs = await mkdtemp(join(tmpdir(), 'rockstate-test-'));
    const values = {
      'log.level': 'DEBUG_LEVEL',
      'log.dir': logs,
      'log.file-num': '10',
      'log.max-file-size': '2MB',
      'compaction.style': 'level',
      'compression.per.level': 'no_compression;snappy_compression;lz4_compression',
      'compaction.level.use-dynamic-size': 'TRUE',
      'compaction.level.target-file-size-base': '8 mb',
      'compaction.level.max-size-level-base': '128MB',
      'writebuffer.count': '4',
      'writebuffer.number-to-merge': '2',
      'writebuffer.size': '64 MB',
      'block.blocksize': '4 kb',
      'block.metadata-blocksize': '8 kb',
      'block.cache-size': '512 mb',
      'use-bloom-filter': 'TRUE',
      'restore-overlap-fraction-threshold': '0.5',
    };
    const entries = Object.fromEntries(Object.entries(values).map(([key, value]) => [PREFIX + key, value]));
    try {
      await withConfigured(
        { ...UNSHARED, ...entries },
        async ({ effective, columnFamily: { options, tableOptions } }) => {
          const valuesOf = (map: typeof options, names: readonly string[]) => names.map((name) => map[name]?.value);
          expect(
            valuesOf(effective.database, [
              'max_open_files',
              'info_log_level',
              'keep_log_file_num',
              'max_log_file_size',
            ]),
          ).toEqual(['-1', 'DEBUG_LEVEL', '10', String(2 * MIB)]);
          expect(
            valuesOf(options, [
              'compaction_style',
              'level_compaction_dynamic_level_bytes',
              'target_file_size_base',
              'max_bytes_for_level_base',
              'max_write_buffer_number',
              'min_write_buffer_number_to_merge',
              'write_buffer_size',
              'compression_per_level',
            ]),
          ).toEqual([
            'kCompactionStyleLevel',
            'true',
            String(8 * MIB),
            String(128 * MIB),
            '4',
            '2',
            String(64 * MIB),
            'kNoCompression:kSnappyCompression:kLZ4Compression',
          ]);
          expect(valuesOf(tableOptions, ['block_size', 'metadata_block_size', 'filter_policy'])).toEqual([
            '4096',
            '8192',
            'bloomfilter:10:false',
          ]);
          expect(await readLog(logs)).toMatch(new RegExp(`capacity : ${512 * MIB}`));
        },
      );
      expect(await readdir(logs)).toHaveLength(1);
    } finally {
      await rm(logs, { recursive: true, force: true });
    }
  });

  it('logs at level INFO into its own directory, which it removes (T085, T096)', async () => {
    let own = '';
    await withConfigured(UNSHARED, async ({ effective, directory }) => {
      own = directory;
      expect(effective.database.info_log_level?.value).toBe('INFO_LEVEL');
      expect(effective.database.db_log_dir).toBeUndefined();
      expect(await readLog(directory)).toContain('Options for column family [state]');
    });
    await expect(readdir(own)).rejects.toThrow('ENOENT');
  });
});
