// A view of a table without what had expired when it was taken: for snapshots that leave that out.
import type { Row, TableView } from './copy-on-write-table.ts';
import { readValue, UnreadValue, type ValueFormat } from './value-formats.ts';

/** What is left of what a row holds at a time; `undefined` for nothing. */
export type Unexpired<V> = (value: V, nowMs: number) => V | undefined;

/** @param unexpired - always the same of the same row. */
export function unexpiredView<V>(
  view: TableView<V | UnreadValue>,
  format: ValueFormat<V>,
  unexpired: (value: V) => V | undefined,
): TableView<unknown> {
  const left = ({ value }: Row<V | UnreadValue>) =>
    unexpired(value instanceof UnreadValue ? readValue(value, format) : value);
  return {
    keyGroups: () => view.keyGroups(),
    size(keyGroup) {
      let size = 0;
      for (const row of view.rows(keyGroup)) {
        size += left(row) === undefined ? 0 : 1;
      }
      return size;
    },
    *rows(keyGroup) {
      for (const row of view.rows(keyGroup)) {
        const value = left(row);
        if (value !== undefined) {
          yield { id: row.id, version: row.version, value };
        }
      }
    },
  };
}
