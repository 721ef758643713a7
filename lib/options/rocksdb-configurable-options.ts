// Flink's options that are RocksDB's: one row each. To add one, add a row; everything else is derived from it.
import { type OptionsOf, toConfigOptions } from './option-rows.ts';

/** Options of the database. */
export const DATABASE_ROWS = {
  MAX_BACKGROUND_THREADS: {
    key: 'state.backend.rocksdb.thread.num',
    type: 'int',
    default: 2,
    check: 'positive',
    rocksdb: 'max_background_jobs',
    doc: 'Most flushes and compactions that run at once, in a database.',
  },
  MAX_OPEN_FILES: {
    key: 'state.backend.rocksdb.files.open',
    type: 'int',
    default: -1,
    rocksdb: 'max_open_files',
    doc: 'Most files that a database holds open; -1 is no limit.',
  },
  LOG_LEVEL: {
    key: 'state.backend.rocksdb.log.level',
    type: 'enum',
    of: 'InfoLogLevel',
    default: 'INFO_LEVEL',
    rocksdb: 'info_log_level',
    doc: "Least severity of what RocksDB's log file takes.",
  },
  LOG_MAX_FILE_SIZE: {
    key: 'state.backend.rocksdb.log.max-file-size',
    type: 'memory',
    default: '25mb',
    check: 'nonNegative',
    rocksdb: 'max_log_file_size',
    doc: "Size at which RocksDB's log file is rolled; 0 is one file without a limit.",
  },
  LOG_FILE_NUM: {
    key: 'state.backend.rocksdb.log.file-num',
    type: 'int',
    default: 4,
    check: 'positive',
    rocksdb: 'keep_log_file_num',
    doc: 'Log files to keep.',
  },
  LOG_DIR: {
    key: 'state.backend.rocksdb.log.dir',
    type: 'string',
    check: 'absolutePath',
    rocksdb: 'db_log_dir',
    doc: "Directory of RocksDB's log files. Without it they are in the database's own directory, and removed with it.",
  },
} as const;

/** Options of every state's column family. */
export const COLUMN_FAMILY_ROWS = {
  COMPACTION_STYLE: {
    key: 'state.backend.rocksdb.compaction.style',
    type: 'enum',
    of: 'CompactionStyle',
    default: 'LEVEL',
    rocksdb: 'compaction_style',
    doc: 'How files are chosen for compaction.',
  },
  COMPRESSION_PER_LEVEL: {
    key: 'state.backend.rocksdb.compression.per.level',
    type: 'enumList',
    of: 'CompressionType',
    default: 'LZ4_COMPRESSION',
    rocksdb: 'compression_per_level',
    doc: "Compression of each level, separated by semicolons; the last one is that of all further levels. Flink's default is SNAPPY_COMPRESSION.",
  },
  USE_DYNAMIC_LEVEL_SIZE: {
    key: 'state.backend.rocksdb.compaction.level.use-dynamic-size',
    type: 'boolean',
    default: false,
    rocksdb: 'level_compaction_dynamic_level_bytes',
    doc: 'Derives the target sizes of levels from the size of the last one.',
  },
  TARGET_FILE_SIZE_BASE: {
    key: 'state.backend.rocksdb.compaction.level.target-file-size-base',
    type: 'memory',
    default: '64mb',
    check: 'positive',
    rocksdb: 'target_file_size_base',
    doc: 'Size of a file of level 1.',
  },
  MAX_SIZE_LEVEL_BASE: {
    key: 'state.backend.rocksdb.compaction.level.max-size-level-base',
    type: 'memory',
    default: '256mb',
    check: 'positive',
    rocksdb: 'max_bytes_for_level_base',
    doc: 'Upper limit of the size of level 1.',
  },
  WRITE_BUFFER_SIZE: {
    key: 'state.backend.rocksdb.writebuffer.size',
    type: 'memory',
    default: '64mb',
    check: 'positive',
    rocksdb: 'write_buffer_size',
    doc: 'Size at which a memtable is flushed.',
  },
  MAX_WRITE_BUFFER_NUMBER: {
    key: 'state.backend.rocksdb.writebuffer.count',
    type: 'int',
    default: 2,
    check: 'positive',
    rocksdb: 'max_write_buffer_number',
    doc: 'Most memtables of a column family, the one that is written and those that wait for their flush.',
  },
  MIN_WRITE_BUFFER_NUMBER_TO_MERGE: {
    key: 'state.backend.rocksdb.writebuffer.number-to-merge',
    type: 'int',
    default: 1,
    check: 'positive',
    rocksdb: 'min_write_buffer_number_to_merge',
    doc: 'Least memtables that are merged into one flush.',
  },
} as const;

/** Options of the tables of every state's column family. */
export const BLOCK_TABLE_ROWS = {
  BLOCK_SIZE: {
    key: 'state.backend.rocksdb.block.blocksize',
    type: 'memory',
    default: '4kb',
    check: 'positive',
    rocksdb: 'block_size',
    doc: 'Size of a block of data, before compression.',
  },
  METADATA_BLOCK_SIZE: {
    key: 'state.backend.rocksdb.block.metadata-blocksize',
    type: 'memory',
    default: '4kb',
    check: 'positive',
    rocksdb: 'metadata_block_size',
    doc: 'Size of a block of a partitioned index or filter.',
  },
  BLOCK_CACHE_SIZE: {
    key: 'state.backend.rocksdb.block.cache-size',
    type: 'memory',
    default: '8mb',
    check: 'positive',
    rocksdb: 'block_cache',
    doc: 'Block cache of each column family, where memory is not shared.',
  },
} as const;

/** Options that together make the filter policy of a column family's tables. */
export const BLOOM_FILTER_ROWS = {
  USE_BLOOM_FILTER: {
    key: 'state.backend.rocksdb.use-bloom-filter',
    type: 'boolean',
    default: true,
    doc: "Gives new files a Bloom filter, so that reads skip files without the key; where it fits in memory. Flink's default is false.",
  },
  BLOOM_FILTER_BITS_PER_KEY: {
    key: 'state.backend.rocksdb.bloom-filter.bits-per-key',
    type: 'double',
    default: 10,
    check: 'positive',
    doc: 'Bits of the Bloom filter for each key.',
  },
  BLOOM_FILTER_BLOCK_BASED_MODE: {
    key: 'state.backend.rocksdb.bloom-filter.block-based-mode',
    type: 'boolean',
    default: false,
    doc: 'Accepted for the sake of old configurations: RocksDB no longer has block-based filters, and writes full ones.',
    unused: 'RocksDB no longer has block-based filters, and writes full ones',
  },
} as const;

/** Options that rockstate itself acts on. */
export const STATE_ACCESS_ROWS = {
  WRITE_BATCH_SIZE: {
    key: 'state.backend.rocksdb.write-batch-size',
    type: 'memory',
    default: '2mb',
    check: 'nonNegative',
    doc: 'Bytes at which a write batch, such as that of `putAll`, is written; 0 is one batch however large.',
  },
  RESTORE_OVERLAP_FRACTION_THRESHOLD: {
    key: 'state.backend.rocksdb.restore-overlap-fraction-threshold',
    type: 'double',
    default: 0,
    check: 'fraction',
    doc: 'Least share of the key groups of a handle that must be wanted for it to be the base of a restore.',
  },
  USE_INGEST_DB_RESTORE_MODE: {
    key: 'state.backend.rocksdb.use-ingest-db-restore-mode',
    type: 'boolean',
    default: false,
    doc: 'When several handles are restored into one database, takes over whole files where possible.',
  },
  INCREMENTAL_RESTORE_ASYNC_COMPACT_AFTER_RESCALE: {
    key: 'state.backend.rocksdb.incremental-restore-async-compact-after-rescale',
    type: 'boolean',
    default: false,
    doc: 'After a restore with another parallelism, removes foreign key groups by compaction in the background.',
  },
  USE_DELETE_FILES_IN_RANGE_DURING_RESCALING: {
    key: 'state.backend.rocksdb.rescaling.use-delete-files-in-range',
    type: 'boolean',
    default: false,
    doc: 'When foreign key groups are removed, deletes the files that hold nothing else at once.',
  },
  COMPACT_FILTER_QUERY_TIME_AFTER_NUM_ENTRIES: {
    key: 'state.backend.rocksdb.compaction.filter.query-time-after-num-entries',
    type: 'long',
    default: 1000,
    check: 'nonNegative',
    doc: 'Entries that the filter of states with a time-to-live handles before it looks at the clock again.',
  },
  COMPACT_FILTER_PERIODIC_COMPACTION_TIME: {
    key: 'state.backend.rocksdb.compaction.filter.periodic-compaction-time',
    type: 'duration',
    default: '30 d',
    doc: 'Age at which files of states with a time-to-live are compacted again; 0 turns this off.',
  },
} as const;

/** Every row that a preset may have a value for. */
export const CONFIGURABLE_ROWS: ConfigurableRows = {
  ...DATABASE_ROWS,
  ...COLUMN_FAMILY_ROWS,
  ...BLOCK_TABLE_ROWS,
  ...BLOOM_FILTER_ROWS,
  ...STATE_ACCESS_ROWS,
};

/** The type of {@link CONFIGURABLE_ROWS}. */
export type ConfigurableRows = typeof DATABASE_ROWS &
  typeof COLUMN_FAMILY_ROWS &
  typeof BLOCK_TABLE_ROWS &
  typeof BLOOM_FILTER_ROWS &
  typeof STATE_ACCESS_ROWS;

/** Flink's `RocksDBConfigurableOptions`: the options of RocksDB, and of how state is accessed. */
export const RocksDBConfigurableOptions: OptionsOf<ConfigurableRows> = toConfigOptions(CONFIGURABLE_ROWS);
