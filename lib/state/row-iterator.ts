// An iterator over what is read of each row of a scan. It is written by hand: to move a generator takes longer than to read
// most rows.
import type { DataInput } from '../bytes/data-input.ts';
import type { PrefixScan } from '../rocksdb/prefix-scan.ts';

/** Tells which rows are shown. */
export interface ShownRows {
  /** The value of a row; `undefined` for one that is passed over. */
  valueIn(row: PrefixScan): DataInput | undefined;
}

/** Reads a row, whose value is that of `value` until its key is read. */
export type ReadRow<R> = (row: PrefixScan, value: DataInput) => R;

export class RowIterator<R> implements IterableIterator<R> {
  #rows: PrefixScan | undefined;
  readonly #shown: ShownRows;
  readonly #read: ReadRow<R>;

  /** @param rows - are closed at their end, when reading fails, and when the loop is left. */
  constructor(rows: PrefixScan, shown: ShownRows, read: ReadRow<R>) {
    this.#rows = rows;
    this.#shown = shown;
    this.#read = read;
  }

  next(): IteratorResult<R, undefined> {
    const rows = this.#rows;
    try {
      while (rows?.next()) {
        const value = this.#shown.valueIn(rows);
        if (value !== undefined) {
          return { value: this.#read(rows, value), done: false };
        }
      }
    } catch (error) {
      this.#close();
      throw error;
    }
    this.#rows = undefined;
    return { value: undefined, done: true };
  }

  return(): IteratorResult<R, undefined> {
    this.#close();
    return { value: undefined, done: true };
  }

  [Symbol.iterator](): this {
    return this;
  }

  #close(): void {
    this.#rows?.close();
    this.#rows = undefined;
  }
}

// What the runtime gives to all of its iterators, such as `map` and `filter`, as far as it has them.
Object.setPrototypeOf(RowIterator.prototype, Object.getPrototypeOf(Object.getPrototypeOf([].values())));
