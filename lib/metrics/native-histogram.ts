// A histogram that holds the newest distribution read of a database.
import type { Histogram, HistogramStatistics } from '../api/metrics.ts';
import type { HistogramReading } from '../rocksdb/metric-reading.ts';

const NOTHING: HistogramReading = {
  count: 0,
  sum: 0,
  min: 0,
  max: 0,
  mean: 0,
  standardDeviation: 0,
  median: 0,
  p95: 0,
  p99: 0,
};

export class NativeHistogram implements Histogram {
  #reading = NOTHING;

  get count(): number {
    return this.#reading.count;
  }

  get sum(): number {
    return this.#reading.sum;
  }

  statistics(): HistogramStatistics {
    const { count: _count, sum: _sum, ...statistics } = this.#reading;
    return statistics;
  }

  update(reading: HistogramReading): void {
    this.#reading = reading;
  }
}
