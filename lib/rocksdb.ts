// The low-level entry point, `rockstate/rocksdb`: RocksDB itself, without keyed state.
export type { MemoryUsage } from './api/backend.ts';
export type { NativeLiveFile as LiveFile } from './binding/surface.ts';
export { MAX_BYTES, MAX_KEY_BYTES } from './bytes/limits.ts';
export { RocksDBError, type RocksDBErrorDetails, type RocksDBErrorSeverity } from './errors.ts';
export type { BytesLike } from './rocksdb/bytes-like.ts';
export type { ColumnFamily } from './rocksdb/column-family.ts';
export { type HistogramReading, MetricReading, type MetricRequest } from './rocksdb/metric-reading.ts';
export type {
  ColumnFamilyOptions,
  OpenOptions,
  Options,
  OptionValue,
  StatisticsLevel,
} from './rocksdb/open-options.ts';
export type { CopyRangeOptions, RangeOptions } from './rocksdb/range-options.ts';
export {
  type CompactFilesOptions,
  type ExportedColumnFamily,
  type ImportOptions,
  type IngestOptions,
  type ReadOptions,
  RocksDB,
  type WriteOptions,
} from './rocksdb/rocksdb.ts';
export { type Entry, Scan, type ScanOptions } from './rocksdb/scan.ts';
export { SharedMemory, type SharedMemoryLimits } from './rocksdb/shared-memory.ts';
export { Snapshot } from './rocksdb/snapshot.ts';
export { WriteBatch } from './rocksdb/write-batch.ts';
