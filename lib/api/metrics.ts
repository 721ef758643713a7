// Metrics: numbers that a program keeps of itself, in named groups, for whoever watches it.

/** What exporters say of a metric beside its name. */
export interface MetricDescription {
  /** A sentence or less. */
  readonly description?: string;
  /** Of the numbers, such as `bytes` or `us`; none for plain counts. */
  readonly unit?: string;
  /** A gauge that only grows, as the total of something does; exporters may show it as a counter. */
  readonly cumulative?: boolean;
}

/** A value that is asked for when somebody looks. */
export interface Gauge {
  readonly value: number;
}

/** Counts up and down. */
export interface Counter {
  readonly count: number;
  /** Adds to the count. Default 1. */
  inc(by?: number): void;
  /** Takes from the count. Default 1. */
  dec(by?: number): void;
}

/** A distribution of numbers; all zero when there are none. Percentiles may be estimates. */
export interface HistogramStatistics {
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  readonly standardDeviation: number;
  readonly median: number;
  readonly p95: number;
  readonly p99: number;
}

/** Keeps the distribution of numbers. */
export interface Histogram {
  /** How many numbers there were in all. */
  readonly count: number;
  /** What they come to. */
  readonly sum: number;
  /** How they are distributed; it may be about the newest of them only. */
  statistics(): HistogramStatistics;
  /**
   * Calls `listener` with every number until the returned function is called, where the histogram is told them one by
   * one. Absent where it is handed a finished distribution.
   */
  onUpdate?(listener: (value: number) => void): () => void;
}

/**
 * A named place for metrics. Groups lie within groups; a metric's identifier is the names on the way to it.
 *
 * @example
 * ```ts
 * const registry = new MetricRegistry();
 * const operator = registry.addGroup('operator', 'count-words');
 * const records = operator.counter('numRecords');
 * records.inc();
 * ```
 */
export interface MetricGroup {
  /** The names and values on the way to this group. */
  readonly scope: readonly string[];
  /** The keys and values of the groups on the way that have both. */
  readonly variables: Readonly<Record<string, string>>;
  /** The group of this name within this one, made when there is none. */
  addGroup(name: string): MetricGroup;
  /** As {@link addGroup}, of a key and its value: exporters make it a label or an attribute. */
  addGroup(key: string, value: string): MetricGroup;
  /** Adds a value that is read when somebody looks; `read` must be quick and must not throw. */
  gauge(name: string, read: () => number, description?: MetricDescription): Gauge;
  counter(name: string, description?: MetricDescription): Counter;
  histogram<H extends Histogram>(name: string, histogram: H, description?: MetricDescription): H;
  /** Forgets all metrics of this group and of those within it. What they held stays readable for who has them. */
  close(): void;
}
