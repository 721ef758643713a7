// What calls that work on a range of keys are told.
import type { BytesLike } from './bytes-like.ts';
import type { ColumnFamily } from './column-family.ts';
import type { RocksDB } from './rocksdb.ts';

/** Part of a family; a missing bound is open, the upper one exclusive. */
export interface RangeOptions {
  /** Default: the default family. */
  readonly columnFamily?: ColumnFamily;
  readonly lower?: BytesLike;
  readonly upper?: BytesLike;
}

/** Which rows to copy, and from where. */
export interface CopyRangeOptions extends RangeOptions {
  /** The database to read. */
  readonly from: RocksDB;
  /** The family to read. Default: the default family of `from`. */
  readonly fromColumnFamily?: ColumnFamily;
  /** For files on their way: absolute, must not exist, and does not afterwards; best on the file system of the database. */
  readonly directory: string;
}

/** Fewer rows than a small file's would make a file that soon has to be compacted; they stay in the write buffer. */
export const MAX_COPIED_BATCH_BYTES: number = 4 * 1024 * 1024;
