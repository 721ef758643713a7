// Merging the rows of several namespaces into one, for states that hold one value a row.
import type { StateTable } from './state-table.ts';
import type { ValueRow } from './value-row.ts';

export interface NamespaceMerge<N, T> {
  readonly target: N;
  readonly sources: Iterable<N>;
  readonly merge: (first: T, second: T) => T;
}

/**
 * Folds the sources from left to right; what the target holds comes in last, as the second argument. Without anything in
 * the sources the target is left alone.
 */
export function mergeRows<K, N, T>(
  table: StateTable<K, N>,
  row: ValueRow<K, N, T>,
  merging: NamespaceMerge<N, T>,
): void {
  const { target, sources, merge } = merging;
  table.checkWritable();
  let merged: T | undefined;
  for (const source of sources) {
    const value = table.within(source, () => row.take());
    merged = merged === undefined || value === undefined ? (merged ?? value) : merge(merged, value);
  }
  if (merged === undefined) {
    return;
  }
  const found = merged;
  table.within(target, () => {
    const present = row.read();
    row.write(present === undefined ? found : merge(found, present));
  });
}
