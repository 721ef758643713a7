// Which native metrics are on.
import type { ConfigOption } from '../config/config-option.ts';
import type { ReadableConfig } from '../config/configuration.ts';
import { describe, rangeError, typeError } from '../errors.ts';
import { NATIVE_METRICS, type NativeMetric, type NativeMetricKey, NativeMetricOptions } from './native-metric.ts';

// The longest that a timer can be set to.
const MAX_INTERVAL_MS = 2 ** 31 - 1;

/**
 * Which of RocksDB's own numbers are kept as metrics, all off by default.
 *
 * @example
 * ```ts
 * new RocksDBNativeMetricOptions().enable('estimate-num-keys', 'block-cache-hit').setColumnFamilyAsVariable(true);
 * ```
 */
export class RocksDBNativeMetricOptions {
  /** Whether the column family is a variable of its metrics. */
  static readonly COLUMN_FAMILY_AS_VARIABLE: ConfigOption<boolean> = NativeMetricOptions.COLUMN_FAMILY_AS_VARIABLE;
  /** Time between two readings, in milliseconds. */
  static readonly POLL_INTERVAL: ConfigOption<number> = NativeMetricOptions.POLL_INTERVAL;

  readonly #enabled = new Set<NativeMetric>();
  #columnFamilyAsVariable: boolean = NativeMetricOptions.COLUMN_FAMILY_AS_VARIABLE.defaultValue;
  #pollIntervalMs: number = NativeMetricOptions.POLL_INTERVAL.defaultValue;

  /** The options `state.backend.rocksdb.metrics.*`. */
  static fromConfig(config: ReadableConfig): RocksDBNativeMetricOptions {
    return new RocksDBNativeMetricOptions()
      .enable(...NATIVE_METRICS.filter(({ option }) => config.get(option)).map(({ key }) => key))
      .setColumnFamilyAsVariable(config.get(NativeMetricOptions.COLUMN_FAMILY_AS_VARIABLE))
      .setPollIntervalMs(config.get(NativeMetricOptions.POLL_INTERVAL));
  }

  /** Turns metrics on. @throws TypeError `ERR_UNKNOWN_METRIC`. */
  enable(...keys: readonly NativeMetricKey[]): this {
    for (const key of keys) {
      const metric = NATIVE_METRICS.find((known) => known.key === key);
      if (metric === undefined) {
        throw typeError(
          'ERR_UNKNOWN_METRIC',
          `There is no native metric ${describe(key)}; docs/metrics.md lists them, 'estimate-num-keys' for one.`,
        );
      }
      this.#enabled.add(metric);
    }
    return this;
  }

  /** Makes the column family a variable of its metrics instead of a part of their name. */
  setColumnFamilyAsVariable(asVariable: boolean): this {
    this.#columnFamilyAsVariable = asVariable;
    return this;
  }

  /** Sets how often the metrics are read. @throws RangeError `ERR_INVALID_POLL_INTERVAL`. */
  setPollIntervalMs(intervalMs: number): this {
    if (!Number.isSafeInteger(intervalMs) || intervalMs < 1 || intervalMs > MAX_INTERVAL_MS) {
      throw rangeError(
        'ERR_INVALID_POLL_INTERVAL',
        `The poll interval must be an integer of milliseconds from 1 to ${MAX_INTERVAL_MS}; received ${describe(intervalMs)}.`,
      );
    }
    this.#pollIntervalMs = intervalMs;
    return this;
  }

  /** The metrics that are on. */
  get enabled(): readonly NativeMetric[] {
    return [...this.#enabled];
  }

  /** Whether any is on. */
  get isEnabled(): boolean {
    return this.#enabled.size > 0;
  }

  get columnFamilyAsVariable(): boolean {
    return this.#columnFamilyAsVariable;
  }

  /** In milliseconds. */
  get pollIntervalMs(): number {
    return this.#pollIntervalMs;
  }

  /** What RocksDB must count for the metrics that are on, and no more: counting takes time. */
  get statistics(): 'off' | 'tickers' | 'histograms' | 'timers' {
    const histograms = this.enabled.filter(({ kind }) => kind === 'histogram');
    if (histograms.some(({ unit }) => unit === 'us')) {
      return 'timers';
    }
    if (histograms.length > 0) {
      return 'histograms';
    }
    return this.enabled.some(({ kind }) => kind === 'ticker') ? 'tickers' : 'off';
  }
}
