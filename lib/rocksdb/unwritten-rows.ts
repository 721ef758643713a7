// The hot rows that are yet to be written: those of each column family in a chain of their records.
import { AFTER, BEFORE, MARKS_BITS, TAG, UNWRITTEN } from './row-layout.ts';

export class UnwrittenRows {
  readonly #words: Int32Array;
  // By column family: the one that was changed last, the one that was changed first, 0 for none; and how many there are.
  readonly #newest: number[] = [];
  readonly #oldest: number[] = [];
  readonly #counts: number[] = [];
  #count = 0;

  constructor(words: Int32Array) {
    this.#words = words;
  }

  get count(): number {
    return this.#count;
  }

  has(record: number): boolean {
    return ((this.#words[record + TAG] as number) & UNWRITTEN) !== 0;
  }

  add(record: number): void {
    if (this.has(record)) {
      return;
    }
    const words = this.#words;
    words[record + TAG] = (words[record + TAG] as number) | UNWRITTEN;
    const family = this.#familyOf(record);
    words[record + BEFORE] = 0;
    words[record + AFTER] = this.#newest[family] ?? 0;
    this.moved(record);
    this.#counts[family] = this.countOf(family) + 1;
    this.#count++;
  }

  remove(record: number): void {
    if (this.has(record)) {
      const words = this.#words;
      this.#link(record, words[record + AFTER] as number, words[record + BEFORE] as number);
      words[record + TAG] = (words[record + TAG] as number) & ~UNWRITTEN;
      const family = this.#familyOf(record);
      this.#counts[family] = this.countOf(family) - 1;
      this.#count--;
    }
  }

  /** A record of the chain is in another place now. */
  moved(record: number): void {
    this.#link(record, record, record);
  }

  countOf(family: number): number {
    return this.#counts[family] ?? 0;
  }

  /** The one that has been unwritten for longest; 0 for none. */
  oldest(family: number): number {
    return this.#oldest[family] ?? 0;
  }

  /** The one that became unwritten after a record; 0 for none. */
  next(record: number): number {
    return this.#words[record + BEFORE] as number;
  }

  /** Families that have had some. */
  families(): number[] {
    return Object.keys(this.#newest).map(Number);
  }

  clear(): void {
    this.#newest.length = 0;
    this.#oldest.length = 0;
    this.#counts.length = 0;
    this.#count = 0;
  }

  #familyOf(record: number): number {
    return (this.#words[record + TAG] as number) >> MARKS_BITS;
  }

  #link(record: number, fromBefore: number, fromAfter: number): void {
    const words = this.#words;
    const before = words[record + BEFORE] as number;
    const after = words[record + AFTER] as number;
    if (before === 0) {
      this.#newest[this.#familyOf(record)] = fromBefore;
    } else {
      words[before + AFTER] = fromBefore;
    }
    if (after === 0) {
      this.#oldest[this.#familyOf(record)] = fromAfter;
    } else {
      words[after + BEFORE] = fromAfter;
    }
  }
}
