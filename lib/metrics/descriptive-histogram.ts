// A histogram of the newest numbers.
import type { Histogram, HistogramStatistics } from '../api/metrics.ts';
import { describe, rangeError } from '../errors.ts';

/** Keeps the newest numbers, as many as its size says, and computes their exact distribution when asked. */
export class DescriptiveHistogram implements Histogram {
  readonly #newest: Float64Array;
  readonly #listeners = new Set<(value: number) => void>();
  #count = 0;
  #sum = 0;

  /** @throws RangeError `ERR_INVALID_HISTORY_SIZE` for a size that is no positive integer. */
  constructor(size: number) {
    if (!Number.isSafeInteger(size) || size < 1) {
      throw rangeError(
        'ERR_INVALID_HISTORY_SIZE',
        `The history size of a histogram must be a positive integer; received ${describe(size)}.`,
      );
    }
    this.#newest = new Float64Array(size);
  }

  get count(): number {
    return this.#count;
  }

  get sum(): number {
    return this.#sum;
  }

  update(value: number): void {
    this.#newest[this.#count % this.#newest.length] = value;
    this.#count++;
    this.#sum += value;
    for (const listener of this.#listeners) {
      listener(value);
    }
  }

  onUpdate(listener: (value: number) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  statistics(): HistogramStatistics {
    const sorted = this.#newest.slice(0, this.#count).sort();
    const mean = sorted.reduce((sum, value) => sum + value, 0) / Math.max(sorted.length, 1);
    const squares = sorted.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    return {
      min: sorted[0] ?? 0,
      max: sorted.at(-1) ?? 0,
      mean,
      standardDeviation: Math.sqrt(squares / Math.max(sorted.length - 1, 1)),
      median: percentile(sorted, 0.5),
      p95: percentile(sorted, 0.95),
      p99: percentile(sorted, 0.99),
    };
  }
}

// Interpolated at position share·(n+1), counted from 1, as Flink's histogram does.
function percentile(sorted: Float64Array, share: number): number {
  const position = Math.min(Math.max(share * (sorted.length + 1) - 1, 0), sorted.length - 1);
  const below = sorted[Math.floor(position)] ?? 0;
  const above = sorted[Math.ceil(position)] ?? 0;
  return below + (above - below) * (position - Math.floor(position));
}
