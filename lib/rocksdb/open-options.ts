// How a database is opened: options by RocksDB's own names, with the defaults of this package.
import type { NativeColumnFamilyRequest, NativeOpenRequest, OptionMap } from '../binding/surface.ts';
import { describe, typeError } from '../errors.ts';
import type { SharedMemory } from './shared-memory.ts';

/** A value of a RocksDB option; it is handed over as text. */
export type OptionValue = string | number | boolean;

/** RocksDB options by name, as in RocksDB's `OPTIONS` file: `{ max_background_jobs: 4 }`. */
export type Options = Readonly<Record<string, OptionValue>>;

/** Options of one column family. */
export interface ColumnFamilyOptions {
  /** Column-family options: `write_buffer_size`, `compression`, … */
  readonly options?: Options;
  /** Options of block-based tables: `block_size`, `filter_policy`, … */
  readonly tableOptions?: Options;
}

/** See {@link OpenOptions.statistics}. */
export type StatisticsLevel = 'off' | 'tickers' | 'histograms' | 'timers';

const STATISTICS_LEVELS: readonly StatisticsLevel[] = ['off', 'tickers', 'histograms', 'timers'];

/** How to open a {@link RocksDB}. */
export interface OpenOptions {
  /** Database options: `max_background_jobs`, `max_open_files`, … */
  readonly options?: Options;
  /** Families to open, created when missing. Those on disk that are not named are opened with `defaults`. */
  readonly columnFamilies?: Readonly<Record<string, ColumnFamilyOptions>>;
  /** Options of the default family and of families that are not named. */
  readonly defaults?: ColumnFamilyOptions;
  /** The memory budget to take part in. Default: a block cache of its own per family. */
  readonly memory?: SharedMemory;
  /** Write without a write-ahead log: faster, but what is not flushed is lost in a crash. Default false. */
  readonly disableWal?: boolean;
  /**
   * What RocksDB counts for {@link RocksDB.metrics}: `tickers`, which is cheapest; `histograms` of sizes and counts
   * beside them; `timers`, histograms of durations beside those, which read the clock twice per call. Default `off`.
   */
  readonly statistics?: StatisticsLevel;
  /** Options of every read: `verify_checksums`, `readahead_size`, `async_io`, … */
  readonly readOptions?: Options;
  /** Options of every write: `sync`, `low_pri`, …; `disable_wal` wins over `disableWal`. */
  readonly writeOptions?: Options;
}

// Info logs would otherwise grow without bound.
const DB_DEFAULTS: OptionMap = {
  create_if_missing: 'true',
  create_missing_column_families: 'true',
  max_log_file_size: String(25 * 1024 * 1024),
  keep_log_file_num: '4',
};

/** Option values as text. @throws TypeError `ERR_INVALID_OPTION` for a value of another type. */
export function toOptionMap(options: Options = {}): OptionMap {
  const map: Record<string, string> = {};
  for (const [name, value] of Object.entries(options)) {
    if (!['string', 'number', 'boolean'].includes(typeof value)) {
      throw typeError(
        'ERR_INVALID_OPTION',
        `Option '${name}' must be a string, number or boolean; received ${describe(value)}.`,
      );
    }
    map[name] = String(value);
  }
  return map;
}

/** A family's name and options, for native. */
export function toColumnFamilyRequest(name: string, family: ColumnFamilyOptions = {}): NativeColumnFamilyRequest {
  return { name, options: toOptionMap(family.options), tableOptions: toOptionMap(family.tableOptions) };
}

/** Everything native needs to open the database at `path`. */
export function toOpenRequest(path: string, open: OpenOptions): NativeOpenRequest {
  return {
    path,
    dbOptions: { ...DB_DEFAULTS, ...toOptionMap(open.options) },
    columnFamilies: Object.entries(open.columnFamilies ?? {}).map(([name, family]) =>
      toColumnFamilyRequest(name, family),
    ),
    unlisted: toColumnFamilyRequest('', open.defaults),
    memory: open.memory?.native,
    readOptions: toOptionMap(open.readOptions),
    writeOptions: { disable_wal: String(open.disableWal ?? false), ...toOptionMap(open.writeOptions) },
    statistics: checkStatistics(open.statistics ?? 'off'),
  };
}

function checkStatistics(level: StatisticsLevel): StatisticsLevel {
  if (!STATISTICS_LEVELS.includes(level)) {
    throw typeError(
      'ERR_INVALID_OPTION',
      `statistics must be one of ${STATISTICS_LEVELS.join(', ')}; received ${describe(level)}.`,
    );
  }
  return level;
}
