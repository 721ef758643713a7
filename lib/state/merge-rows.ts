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
 * the sources the target is left alone. All is read and merged before anything is written: what fails loses nothing.
 */
export function mergeRows<K, N, T>(
  table: StateTable<K, N>,
  row: ValueRow<K, N, T>,
  merging: NamespaceMerge<N, T>,
): void {
  const { target, merge } = merging;
  table.checkWritable();
  const targetId = rowId(table, target);
  // A namespace that is named twice counts once.
  const sources = new Map(Array.from(merging.sources, (source) => [rowId(table, source), source]));
  const found = [...sources].flatMap(([id, source]) => {
    const value = table.within(source, () => row.readForUpdate());
    return value === undefined ? [] : { id, source, value };
  });
  if (found.length === 0) {
    return;
  }
  const present = sources.has(targetId) ? undefined : table.within(target, () => row.readForUpdate());
  const values: T[] = found.map(({ value }) => value);
  if (present !== undefined) {
    values.push(present);
  }
  const merged = values.reduce((first, second) => merge(first, second));
  table.within(target, () => row.write(merged));
  // Sources whose rows have expired are gone, too.
  const obsolete = table.expires ? [...sources].map(([id, source]) => ({ id, source })) : found;
  for (const { id, source } of obsolete) {
    if (id !== targetId) {
      table.within(source, () => row.remove());
    }
  }
}

function rowId<K, N>(table: StateTable<K, N>, namespace: N): string {
  return table.within(namespace, () => table.rowPrefix()).join();
}
