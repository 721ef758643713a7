// Moves many files with bounded concurrency.

import type { ProgressListener } from '../api/checkpoint.ts';

/** Files that are moved at once where nothing else is said. */
export const DEFAULT_TRANSFERS = 4;

/**
 * Runs `work` on every item, at most `transfers` at a time, and keeps the order of the results. After a failure nothing new is begun;
 * it is thrown when what was under way has ended.
 */
export async function mapBounded<T, R>(
  items: readonly T[],
  transfers: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results = new Array<R>(items.length);
  let next = 0;
  let failed = false;
  const lane = async (): Promise<void> => {
    while (next < items.length && !failed) {
      const index = next++;
      try {
        results[index] = await work(items[index] as T);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  const lanes = await Promise.allSettled(Array.from({ length: transfers }, lane));
  for (const outcome of lanes) {
    if (outcome.status === 'rejected') {
      throw outcome.reason;
    }
  }
  return results;
}

/** Counts files and bytes as they are done, and tells a listener. */
export class TransferCounter {
  readonly #listener: ProgressListener | undefined;
  #progress = { files: 0, filesDone: 0, bytes: 0, bytesDone: 0 };

  constructor(sizes: readonly number[], listener: ProgressListener | undefined) {
    this.#listener = listener;
    this.#progress = { ...this.#progress, files: sizes.length, bytes: sizes.reduce((sum, size) => sum + size, 0) };
  }

  done(sizeBytes: number): void {
    const { filesDone, bytesDone } = this.#progress;
    this.#progress = { ...this.#progress, filesDone: filesDone + 1, bytesDone: bytesDone + sizeBytes };
    this.#listener?.(this.#progress);
  }
}
