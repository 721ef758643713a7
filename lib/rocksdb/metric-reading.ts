// Numbers that an open database gives of itself, read many at once.
import type { HistogramStatistics } from '../api/metrics.ts';
import { describe, typeError } from '../errors.ts';
import type { ColumnFamily } from './column-family.ts';

/** What to read; all names are RocksDB's own, as in its `statistics.h` and `db.h`. */
export interface MetricRequest {
  /** Properties that are numbers, such as `rocksdb.estimate-num-keys`; read of each family. */
  readonly properties?: readonly string[];
  /** The families to read properties of. Default: all that are open. */
  readonly columnFamilies?: readonly ColumnFamily[];
  /** Counters of the database, such as `rocksdb.bytes.read`. They need {@link OpenOptions.statistics}. */
  readonly tickers?: readonly string[];
  /** Distributions over the database's life, such as `rocksdb.db.get.micros`. They need {@link OpenOptions.statistics}. */
  readonly histograms?: readonly string[];
}

/** A distribution as RocksDB keeps it: all zero while nothing was recorded. Percentiles are estimates. */
export interface HistogramReading extends HistogramStatistics {
  readonly count: number;
  readonly sum: number;
}

const HISTOGRAM_FIELDS = 9;

/** A request in full, as native takes it. */
export interface FullMetricRequest {
  readonly columnFamilies: readonly ColumnFamily[];
  readonly properties: readonly string[];
  readonly tickers: readonly string[];
  readonly histograms: readonly string[];
}

/** @throws TypeError `ERR_INVALID_METRIC_NAME` for names that are no list of strings. */
export function toFullMetricRequest(request: MetricRequest, open: readonly ColumnFamily[]): FullMetricRequest {
  return {
    columnFamilies: request.columnFamilies ?? open,
    properties: namesOf('properties', request.properties),
    tickers: namesOf('tickers', request.tickers),
    histograms: namesOf('histograms', request.histograms),
  };
}

function namesOf(kind: string, names: readonly string[] = []): readonly string[] {
  if (!Array.isArray(names)) {
    throw typeError('ERR_INVALID_METRIC_NAME', `${kind} must be an array of names; received ${describe(names)}.`);
  }
  for (const name of names) {
    if (typeof name !== 'string') {
      throw typeError(
        'ERR_INVALID_METRIC_NAME',
        `${kind} must be names, such as 'rocksdb.bytes.read'; received ${describe(name)}.`,
      );
    }
  }
  return [...new Set(names)];
}

/**
 * What was read. Numbers are unsigned 64-bit integers in RocksDB; beyond 2^53 they are rounded to the nearest that a
 * JavaScript number can be.
 */
export class MetricReading {
  readonly #values: Float64Array;
  readonly #families: ReadonlyMap<number, number>;
  readonly #properties: ReadonlyMap<string, number>;
  readonly #tickers: ReadonlyMap<string, number>;
  readonly #histograms: ReadonlyMap<string, number>;

  /** @internal @param values - as `NativeDb.readMetrics` packs them. */
  constructor(request: FullMetricRequest, values: Float64Array) {
    this.#values = values;
    this.#families = positions(request.columnFamilies.map(({ number }) => number));
    this.#properties = positions(request.properties);
    this.#tickers = positions(request.tickers, request.columnFamilies.length * request.properties.length);
    this.#histograms = positions(
      request.histograms,
      values.length - request.histograms.length * HISTOGRAM_FIELDS,
      HISTOGRAM_FIELDS,
    );
  }

  /**
   * A property of a family; `undefined` when it was not asked for, or RocksDB gives no number for it: it does not know
   * the property, or has no such thing, as a family without a block cache has no usage of one.
   */
  property(name: string, columnFamily: ColumnFamily): number | undefined {
    const family = this.#families.get(columnFamily.number);
    const property = this.#properties.get(name);
    if (family === undefined || property === undefined) {
      return undefined;
    }
    const value = this.#at(family * this.#properties.size + property);
    return Number.isNaN(value) ? undefined : value;
  }

  /** A ticker; `undefined` when it was not asked for. */
  ticker(name: string): number | undefined {
    const position = this.#tickers.get(name);
    return position === undefined ? undefined : this.#at(position);
  }

  /** A histogram; `undefined` when it was not asked for. */
  histogram(name: string): HistogramReading | undefined {
    const start = this.#histograms.get(name);
    if (start === undefined) {
      return undefined;
    }
    return {
      count: this.#at(start),
      sum: this.#at(start + 1),
      min: this.#at(start + 2),
      max: this.#at(start + 3),
      mean: this.#at(start + 4),
      standardDeviation: this.#at(start + 5),
      median: this.#at(start + 6),
      p95: this.#at(start + 7),
      p99: this.#at(start + 8),
    };
  }

  #at(position: number): number {
    return this.#values[position] as number;
  }
}

function positions<T>(items: readonly T[], start = 0, step = 1): ReadonlyMap<T, number> {
  return new Map(items.map((item, index) => [item, start + index * step]));
}
