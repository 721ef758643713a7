// Removes what has expired from a table a few rows at a time, whenever state is used.
import type { RowAddress } from './copy-on-write-table.ts';

// Most key groups may be without rows: a step ends after so many.
const MOST_KEY_GROUPS = 128;

/** Rows, as they are when they are reached; `undefined` between key groups. */
export type RowWalk = Iterator<RowAddress | undefined>;

export interface CleanedRows {
  /** Whether they may be changed now. */
  readonly isWritable: boolean;
  /** Goes over all rows, which may change meanwhile: some may be missed then, or be gone. */
  addresses(): RowWalk;
}

export class IncrementalCleanup {
  readonly #rows: CleanedRows;
  readonly #size: number;
  readonly #clean: (address: RowAddress) => void;
  #walk: RowWalk | undefined;

  /** @param size - rows that a step looks at. */
  constructor(rows: CleanedRows, size: number, clean: (address: RowAddress) => void) {
    this.#rows = rows;
    this.#size = size;
    this.#clean = clean;
  }

  /** Looks at the next rows; after the last one, the next step begins anew. */
  readonly step = (): void => {
    if (!this.#rows.isWritable) {
      return;
    }
    this.#walk ??= this.#rows.addresses();
    for (let rows = 0, keyGroups = 0; rows < this.#size && keyGroups < MOST_KEY_GROUPS; ) {
      const { done, value } = this.#walk.next();
      if (done) {
        this.#walk = undefined;
        return;
      }
      if (value === undefined) {
        keyGroups++;
      } else {
        rows++;
        this.#clean(value);
      }
    }
  };
}
