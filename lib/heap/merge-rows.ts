// Merging the rows of several namespaces into one, for states that hold one value a row.
import type { ValueTable } from './heap-state-table.ts';

export interface NamespaceMerge<N, T> {
  readonly target: N;
  readonly sources: Iterable<N>;
  readonly merge: (first: T, second: T) => T;
  /** Throws for a value that can't be written. */
  readonly check: (value: T) => void;
}

/**
 * Folds the sources from left to right; what the target holds comes in last, as the second argument. Without anything in
 * the sources the target is left alone. All is merged, from copies, before anything is changed: what fails loses nothing.
 */
export function mergeRows<N, T>(table: ValueTable<N, T>, merging: NamespaceMerge<N, T>): void {
  const { merge, check } = merging;
  const target = table.rowIn(merging.target);
  const sourceRows = Array.from(merging.sources, (source) => table.rowIn(source));
  // A namespace that is named twice counts once.
  const sources = [...new Map(sourceRows.map((row) => [row.id, row])).values()];
  const found = sources.filter((row) => table.look(row) !== undefined);
  if (found.length === 0) {
    return;
  }
  const rows = found.some((row) => row.id === target.id) ? found : [...found, target];
  const values = rows.map((row) => table.copy(row)).filter((value) => value !== undefined) as T[];
  const merged = values.reduce((first, second) => merge(first, second));
  check(merged);
  for (const row of sources) {
    table.remove(row);
  }
  table.put(target, merged);
}
