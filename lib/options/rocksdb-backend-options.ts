// How the RocksDB backend works, beside what is RocksDB's own: Flink's options, one row each.
import { type OptionsOf, toConfigOptions } from './option-rows.ts';

export const ROCKSDB_ROWS = {
  LOCAL_DIRECTORIES: {
    key: 'state.backend.rocksdb.localdir',
    type: 'string',
    doc: 'Local directories for RocksDB files, separated by comma or the OS path separator; unset uses <WORKING_DIR>/tmp.',
  },
  TIMER_SERVICE_FACTORY: {
    key: 'state.backend.rocksdb.timer-service.factory',
    type: 'enum',
    of: 'PriorityQueueStateType',
    default: 'ROCKSDB',
    doc: 'Where timers are kept.',
  },
  TIMER_SERVICE_CACHE_SIZE: {
    key: 'state.backend.rocksdb.timer-service.cache-size',
    type: 'int',
    default: 128,
    check: 'positive',
    doc: 'Head-cache entries per key-group for RocksDB timers; must be > 0.',
  },
  CHECKPOINT_TRANSFER_THREAD_NUM: {
    key: 'state.backend.rocksdb.checkpoint.transfer.thread.num',
    type: 'int',
    default: 4,
    doc: 'Threads per backend for uploads and downloads; negative means the shared task-manager IO pool; 0 or 1 runs in the calling thread.',
  },
  CHECKPOINT_UPLOAD_JITTER: {
    key: 'state.backend.rocksdb.checkpoint.upload-jitter',
    type: 'duration',
    default: '0 ms',
    check: 'nonNegative',
    doc: 'Upper bound of a random sleep before each file upload (newest 2.x only).',
  },
  PREDEFINED_OPTIONS: {
    key: 'state.backend.rocksdb.predefined-options',
    type: 'enum',
    of: 'PredefinedOptions',
    default: 'DEFAULT',
    doc: 'Preset of DB and column-family options.',
  },
  OPTIONS_FACTORY: {
    key: 'state.backend.rocksdb.options-factory',
    type: 'string',
    doc: 'Class name of a user options factory applied after presets and configured values.',
  },
  MEMTABLE: {
    key: 'state.backend.rocksdb.memtable',
    type: 'enum',
    of: 'MemtableType',
    default: 'KEY_GROUP_HASH',
    doc: "What holds written rows until they are flushed: hash tables by key group, or RocksDB's own skip list, which is what Flink has.",
  },
  USE_MANAGED_MEMORY: {
    key: 'state.backend.rocksdb.memory.managed',
    type: 'boolean',
    default: true,
    doc: "Share one cache and write-buffer manager, sized from the slot's managed memory.",
  },
  FIX_PER_SLOT_MEMORY_SIZE: {
    key: 'state.backend.rocksdb.memory.fixed-per-slot',
    type: 'memory',
    check: 'positive',
    doc: 'Fixed shared budget per slot; wins over managed memory when set; must be > 0.',
  },
  FIX_PER_TM_MEMORY_SIZE: {
    key: 'state.backend.rocksdb.memory.fixed-per-tm',
    type: 'memory',
    doc: 'Fixed shared budget per process (cluster-level key); used only when managed is false and fixed-per-slot is unset.',
  },
  WRITE_BUFFER_RATIO: {
    key: 'state.backend.rocksdb.memory.write-buffer-ratio',
    type: 'double',
    default: 0.5,
    check: 'openFraction',
    doc: 'Share of the budget for write buffers; must lie strictly between 0 and 1.',
  },
  HIGH_PRIORITY_POOL_RATIO: {
    key: 'state.backend.rocksdb.memory.high-prio-pool-ratio',
    type: 'double',
    default: 0.1,
    check: 'openFraction',
    doc: 'Share of the cache kept for index, filter and dictionary blocks; strictly between 0 and 1.',
  },
  USE_PARTITIONED_INDEX_FILTERS: {
    key: 'state.backend.rocksdb.memory.partitioned-index-filters',
    type: 'boolean',
    default: false,
    doc: 'Use partitioned (two-level) index and filter blocks with the shared cache.',
  },
} as const;

export const MANUAL_COMPACTION_ROWS = {
  MIN_INTERVAL: {
    key: 'state.backend.rocksdb.manual-compaction.min-interval',
    type: 'duration',
    default: '0 ms',
    doc: 'Least interval between manual compaction rounds; 0 disables the feature.',
  },
  MAX_PARALLEL_COMPACTIONS: {
    key: 'state.backend.rocksdb.manual-compaction.max-parallel-compactions',
    type: 'int',
    default: 5,
    doc: 'Most manual compactions started in a round.',
  },
  MAX_FILE_SIZE_TO_COMPACT: {
    key: 'state.backend.rocksdb.manual-compaction.max-file-size-to-compact',
    type: 'memory',
    default: '50k',
    doc: 'Only SST files at or below this size are candidates.',
  },
  MIN_FILES_TO_COMPACT: {
    key: 'state.backend.rocksdb.manual-compaction.min-files-to-compact',
    type: 'int',
    default: 5,
    doc: 'Fewest input files for one compaction.',
  },
  MAX_FILES_TO_COMPACT: {
    key: 'state.backend.rocksdb.manual-compaction.max-files-to-compact',
    type: 'int',
    default: 30,
    doc: 'Most input files for one compaction.',
  },
  MAX_OUTPUT_FILE_SIZE: {
    key: 'state.backend.rocksdb.manual-compaction.max-output-file-size',
    type: 'memory',
    default: '64Mb',
    doc: 'Limit on summed input size (and output file size limit) of one compaction.',
  },
  MAX_AUTO_COMPACTIONS: {
    key: 'state.backend.rocksdb.manual-compaction.max-auto-compactions',
    type: 'int',
    default: 30,
    doc: 'Do not start manual compaction while this many automatic ones run.',
  },
} as const;

/** Flink's `RocksDBOptions`. */
export const RocksDBOptions: OptionsOf<typeof ROCKSDB_ROWS> = toConfigOptions(ROCKSDB_ROWS);

/** Flink's `RocksDBManualCompactionOptions`. */
export const RocksDBManualCompactionOptions: OptionsOf<typeof MANUAL_COMPACTION_ROWS> =
  toConfigOptions(MANUAL_COMPACTION_ROWS);
