// Moves many files with bounded concurrency.

const CONCURRENT_FILES = 4;

/**
 * Runs `work` on every item, a few at a time, and keeps the order of the results. After a failure nothing new is begun;
 * it is thrown when what was under way has ended.
 */
export async function mapBounded<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
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
  const lanes = await Promise.allSettled(Array.from({ length: CONCURRENT_FILES }, lane));
  for (const outcome of lanes) {
    if (outcome.status === 'rejected') {
      throw outcome.reason;
    }
  }
  return results;
}
