// Reads the native metrics of a database from time to time, off the JS thread.
import type { MetricGroup } from '../api/metrics.ts';
import type { RocksDBNativeMetricOptions } from '../options/native-metric-options.ts';
import type { ColumnFamily } from '../rocksdb/column-family.ts';
import type { RocksDB } from '../rocksdb/rocksdb.ts';
import type { SharedMemory } from '../rocksdb/shared-memory.ts';
import { NativeMetricGauges } from './native-metric-gauges.ts';

/** What a monitor watches. */
export interface MonitoredDb {
  /** Opened with the statistics that the options of the metrics ask for. */
  readonly db: RocksDB;
  /** The memory that the database shares, if any. */
  readonly memory?: SharedMemory | undefined;
}

// RocksDB's own, which holds no state.
const DEFAULT_FAMILY = 'default';

/**
 * Keeps gauges at the newest reading. One that can not be read keeps its value from then on, and a process warning
 * (`ROCKSTATE_METRIC_UNREADABLE`) says so once.
 */
export class NativeMetricMonitor {
  readonly #db: RocksDB;
  readonly #gauges: NativeMetricGauges;
  readonly #timer: NodeJS.Timeout;
  #polling: Promise<void> | undefined;
  #closed = false;

  constructor({ db, memory }: MonitoredDb, options: RocksDBNativeMetricOptions, group: MetricGroup) {
    this.#db = db;
    this.#gauges = new NativeMetricGauges(options, group, memory);
    this.#timer = setInterval(() => this.poll(), options.pollIntervalMs).unref();
  }

  /** Watches all families that hold state, and reads at once. */
  static start(watched: MonitoredDb, options: RocksDBNativeMetricOptions, group: MetricGroup): NativeMetricMonitor {
    const monitor = new NativeMetricMonitor(watched, options, group);
    for (const family of watched.db.columnFamilies) {
      if (family.name !== DEFAULT_FAMILY) {
        monitor.registerColumnFamily(family);
      }
    }
    monitor.poll();
    return monitor;
  }

  /** Shows the metrics of a family from the next reading on. */
  registerColumnFamily(family: ColumnFamily): void {
    if (!this.#closed) {
      this.#gauges.addFamily(family);
    }
  }

  /** Reads everything now, unless that is under way already. It never rejects. */
  poll(): Promise<void> {
    if (this.#closed) {
      return Promise.resolve();
    }
    this.#polling ??= this.#read().finally(() => {
      this.#polling = undefined;
    });
    return this.#polling;
  }

  /** Ends all use of the database, which may be closed from now on. What the gauges hold stays. Idempotent. */
  close(): void {
    this.#closed = true;
    clearInterval(this.#timer);
    this.#gauges.close();
  }

  async #read(): Promise<void> {
    try {
      this.#gauges.retainFamilies(this.#db.columnFamilies);
      const round = this.#gauges.nextRound();
      const reading = await this.#db.metrics(round.request);
      for (const identifier of this.#closed ? [] : this.#gauges.update(round, reading)) {
        warn(`Native metric '${identifier}' can not be read; it keeps its value from now on.`);
      }
    } catch (error) {
      if (!this.#closed) {
        this.close();
        warn(`Native metrics can not be read any more: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  }
}

function warn(message: string): void {
  process.emitWarning(message, { type: 'MetricWarning', code: 'ROCKSTATE_METRIC_UNREADABLE' });
}
