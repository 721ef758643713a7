// The options that Flink's RocksDB backend opens its database with.
import type { ColumnFamilyOptions, OpenOptions, Options } from '../rocksdb/open-options.ts';

const MIB = 1024 * 1024;

const DB_OPTIONS: Options = {
  avoid_flush_during_shutdown: true,
  keep_log_file_num: 4,
  max_background_jobs: 2,
  max_log_file_size: 25 * MIB,
  max_open_files: -1,
  stats_dump_period_sec: 0,
  use_fsync: false,
};

/** Of every state's column family. */
export const STATE_FAMILY_OPTIONS: ColumnFamilyOptions = {
  options: {
    compaction_style: 'kCompactionStyleLevel',
    compression: 'kSnappyCompression',
    level_compaction_dynamic_level_bytes: false,
    max_bytes_for_level_base: 256 * MIB,
    max_write_buffer_number: 2,
    min_write_buffer_number_to_merge: 1,
    target_file_size_base: 64 * MIB,
    write_buffer_size: 64 * MIB,
  },
  tableOptions: { block_size: 4096, metadata_block_size: 4096 },
};

/** No write-ahead log: what a crash loses is replayed from the last checkpoint. */
export function stateOpenOptions(stateNames: readonly string[]): OpenOptions {
  return {
    options: DB_OPTIONS,
    columnFamilies: Object.fromEntries(stateNames.map((name) => [name, STATE_FAMILY_OPTIONS])),
    defaults: STATE_FAMILY_OPTIONS,
    disableWal: true,
  };
}
