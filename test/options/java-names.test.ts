import { describe, expect, test } from 'vitest';
import {
  BlockBasedTableConfig,
  type ColumnFamilyOptions,
  type DBOptions,
  EmbeddedRocksDBStateBackend,
  Types,
  ValueStateDescriptor,
} from '../../lib/index.ts';
import { withDirectory } from '../support/with-db.ts';

const STATE = new ValueStateDescriptor('state', Types.LONG);

describe('setters that the Java API spells otherwise', () => {
  test('reach the option that they mean', () =>
    withDirectory(async ({ directory }) => {
      const backend = new EmbeddedRocksDBStateBackend().setRocksDBOptions({
        createDBOptions: (options: DBOptions) =>
          options
            .setAllowFAllocate(false)
            .setAvoidUnnecessaryBlockingIO(true)
            .setMaxBgErrorResumeCount(7)
            .setWalSizeLimitMB(8)
            .setWalTtlSeconds(9),
        createColumnOptions: (options: ColumnFamilyOptions) =>
          options
            .setCompactionPriority('OldestSmallestSeqFirst')
            .setLevelZeroFileNumCompactionTrigger(5)
            .setLevelZeroSlowdownWritesTrigger(21)
            .setLevelZeroStopWritesTrigger(37)
            .setBottommostCompressionType('ZSTD_COMPRESSION')
            .setTableFormatConfig(new BlockBasedTableConfig().setChecksumType('kCRC32c')),
      });
      await using keyed = await backend.createKeyedStateBackend({
        keyType: Types.LONG,
        localDir: directory,
        states: [STATE],
      });
      const { database, columnFamilies } = await keyed.effectiveOptions();
      const values = (options: Readonly<Record<string, { value: string }>> = {}) =>
        Object.fromEntries(Object.entries(options).map(([name, { value }]) => [name, value]));
      expect(values(database)).toMatchObject({
        allow_fallocate: 'false',
        avoid_unnecessary_blocking_io: 'true',
        max_bgerror_resume_count: '7',
        WAL_size_limit_MB: '8',
        WAL_ttl_seconds: '9',
      });
      expect(values(columnFamilies.state?.options)).toMatchObject({
        compaction_pri: 'kOldestSmallestSeqFirst',
        level0_file_num_compaction_trigger: '5',
        level0_slowdown_writes_trigger: '21',
        level0_stop_writes_trigger: '37',
        bottommost_compression: 'kZSTD',
      });
      expect(values(columnFamilies.state?.tableOptions)).toMatchObject({ checksum: 'kCRC32c' });
    }));
});
