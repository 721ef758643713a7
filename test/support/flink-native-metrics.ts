// Flink's native metrics as its documentation and sources have them: key of the option, the metrics it turns on, and what
// RocksDB calls them. Written down apart from the rows of lib/options/metrics.ts, which are compared with it.

export interface FlinkNativeMetric {
  readonly key: string;
  readonly metrics: readonly string[];
  readonly rocksdb: readonly string[];
  readonly kind: 'property' | 'ticker';
}

const PROPERTIES = [
  'num-immutable-mem-table',
  'mem-table-flush-pending',
  'compaction-pending',
  'background-errors',
  'cur-size-active-mem-table',
  'cur-size-all-mem-tables',
  'size-all-mem-tables',
  'num-entries-active-mem-table',
  'num-entries-imm-mem-tables',
  'num-deletes-active-mem-table',
  'num-deletes-imm-mem-tables',
  'estimate-num-keys',
  'estimate-table-readers-mem',
  'num-snapshots',
  'num-live-versions',
  'estimate-live-data-size',
  'total-sst-files-size',
  'live-sst-files-size',
  'estimate-pending-compaction-bytes',
  'num-running-compactions',
  'num-running-flushes',
  'actual-delayed-write-rate',
  'is-write-stopped',
  'block-cache-capacity',
  'block-cache-usage',
  'block-cache-pinned-usage',
];

const LEVELS = [0, 1, 2, 3, 4, 5, 6].map((level) => `rocksdb.num-files-at-level${level}`);

const TICKERS: readonly (readonly [key: string, metric: string, rocksdb: string])[] = [
  ['block-cache-hit', 'block_cache_hit', 'block.cache.hit'],
  ['block-cache-miss', 'block_cache_miss', 'block.cache.miss'],
  ['bloom-filter-useful', 'bloom_filter_useful', 'bloom.filter.useful'],
  ['bloom-filter-full-positive', 'bloom_filter_full_positive', 'bloom.filter.full.positive'],
  ['bloom-filter-full-true-positive', 'bloom_filter_full_true_positive', 'bloom.filter.full.true.positive'],
  ['bytes-read', 'bytes_read', 'bytes.read'],
  ['iter-bytes-read', 'iter_bytes_read', 'db.iter.bytes.read'],
  ['bytes-written', 'bytes_written', 'bytes.written'],
  ['compaction-read-bytes', 'compact_read_bytes', 'compact.read.bytes'],
  ['compaction-write-bytes', 'compact_write_bytes', 'compact.write.bytes'],
  ['stall-micros', 'stall_micros', 'stall.micros'],
];

export const FLINK_NATIVE_METRICS: readonly FlinkNativeMetric[] = [
  ...PROPERTIES.map((name) => ({ key: name, metrics: [`rocksdb.${name}`], rocksdb: [`rocksdb.${name}`] })),
  { key: 'num-files-at-level', metrics: LEVELS, rocksdb: LEVELS },
]
  .map((metric): FlinkNativeMetric => ({ ...metric, kind: 'property' }))
  .concat(
    TICKERS.map(([key, metric, rocksdb]) => ({
      key,
      metrics: [`rocksdb.${metric}`],
      rocksdb: [`rocksdb.${rocksdb}`],
      kind: 'ticker',
    })),
  )
  .map((metric) => ({ ...metric, key: `state.backend.rocksdb.metrics.${metric.key}` }));
