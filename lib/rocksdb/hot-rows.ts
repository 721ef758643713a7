// The rows that were used lately, as bytes: reads find them without the database, and writes change them here, to be written
// later, many at a time. What the database holds of a row counts only where there is no record of it here.
import { DataInput } from '../bytes/data-input.ts';
import { LIST_DELIMITER } from '../bytes/list-elements.ts';
import { RocksDBError } from '../errors.ts';
import { RowGuard } from './row-guard.ts';
import { ABSENT, type KeyBuffer, OPERANDS, type RowKind, VALUE } from './row-layout.ts';
import { RowRecords } from './row-records.ts';
import { ROWS_AT_ONCE, type RowStore, RowWriter } from './row-writer.ts';

/** Nothing is known of the row here. */
export const UNKNOWN = 0;

// A longer list is not joined in memory: each change would write all of it again.
const LONGEST_JOINED_BYTES = 4 * 1024;
// Whoever reads a family's rows in other ways waits until those that are unwritten are written: there are never more of them.
const MOST_UNWRITTEN_ROWS = 32 * 1024;
// Of the budget: for the batch, as it is built and as RocksDB takes it.
const BATCH_SHARE = 3 / 16;
const MOST_BATCH_BUDGET = 1024 * 1024;
const BATCHES_IN_BUDGET = 6;

/** What hot rows have spared so far, and what they hold now. */
export interface HotRowCounts {
  /** Reads that were answered here. */
  readonly hits: number;
  /** Reads that were not. */
  readonly misses: number;
  /** Changes of rows that were yet to be written. */
  readonly absorbedWrites: number;
  /** Rows that were written later than they were changed. */
  readonly writtenRows: number;
  /** Rows that are yet to be written. */
  readonly unwrittenRows: number;
  /** Of the budget, bytes that rows take now. */
  readonly usedBytes: number;
}

export class HotRows {
  /** Shows the value of the row that was found last; until the next call. */
  readonly input: DataInput;
  /** For whatever reads or changes rows directly. */
  readonly guard: RowGuard;
  readonly #records: RowRecords;
  readonly #writer: RowWriter;
  readonly #buffer: KeyBuffer;
  #isOpen = true;
  #hits = 0;
  #misses = 0;
  #absorbedWrites = 0;

  /** @param buffer - the call buffer. */
  constructor(store: RowStore, sizeBytes: number, buffer: KeyBuffer) {
    const batchBudget = Math.min(Math.floor(sizeBytes * BATCH_SHARE), MOST_BATCH_BUDGET);
    this.#records = new RowRecords(sizeBytes - batchBudget, buffer);
    this.#writer = new RowWriter(this.#records, store, Math.floor(batchBudget / BATCHES_IN_BUDGET));
    this.#buffer = buffer;
    this.guard = new RowGuard(this.#records, this.#writer);
    this.input = new DataInput(this.#records.bytes);
  }

  get counts(): HotRowCounts {
    return {
      hits: this.#hits,
      misses: this.#misses,
      absorbedWrites: this.#absorbedWrites,
      writtenRows: this.#writer.writtenRows,
      unwrittenRows: this.#records.unwritten.count,
      usedBytes: this.#records.usedBytes,
    };
  }

  /** Looks for the row of the key in the call buffer. `VALUE`: it is in {@link input}. */
  look(family: number, keyLength: number): typeof UNKNOWN | typeof ABSENT | typeof VALUE {
    const records = this.#records;
    const record = records.find(this.#buffer, family, keyLength);
    if (record !== 0) {
      const kind = records.kindOf(record);
      if (kind !== OPERANDS) {
        const start = records.valueStartOf(record);
        this.input.setWindow(start, start + records.valueLengthOf(record));
        this.#hits++;
        return kind;
      }
      this.#writer.settleRow(record);
    }
    this.#misses++;
    return UNKNOWN;
  }

  /** Remembers what the database answered for the row that was looked for: the value is behind the key. */
  learn(family: number, value: DataInput | undefined): void {
    const records = this.#records;
    const length = value?.remaining ?? 0;
    const words = records.wordsFor(length, false);
    if (words === 0 || !this.#takes(family)) {
      return;
    }
    const ring = records.ringFor(0);
    try {
      this.#writer.makeRoom(ring, words);
    } catch (error) {
      // Whoever reads need not know that something else can't be written; whoever writes, or takes a snapshot, is told.
      if (error instanceof RocksDBError) {
        return;
      }
      throw error;
    }
    records.setValue(records.add(ring, words), value === undefined ? ABSENT : VALUE, length);
  }

  /** Replaces the row's value by what is behind its key. False when it has to be written at once, and then forgotten here. */
  put(family: number, keyLength: number, valueLength: number): boolean {
    const record = this.#findForChange(family, keyLength);
    return this.#takes(family) && this.#set(record, VALUE, valueLength);
  }

  /** As {@link put}, by nothing. */
  remove(family: number, keyLength: number): boolean {
    const record = this.#findForChange(family, keyLength);
    return this.#takes(family) && this.#set(record, ABSENT, 0);
  }

  /** As {@link put}, appending to the value. */
  merge(family: number, keyLength: number, length: number): boolean {
    const records = this.#records;
    const record = this.#findForChange(family, keyLength);
    if (!this.#takes(family)) {
      return false;
    }
    if (record !== 0) {
      const isNew = records.kindOf(record) === ABSENT;
      if (isNew ? this.#set(record, VALUE, length) : this.#append(record, length)) {
        return true;
      }
      this.#writer.settleRow(record);
      this.forgetSought();
    }
    return length <= LONGEST_JOINED_BYTES && this.#set(0, OPERANDS, length);
  }

  /** Forgets the row that was looked for last. */
  forgetSought(): void {
    const record = this.#records.findAgain();
    if (record !== 0) {
      this.#records.drop(record);
    }
  }

  /** Has the database know the row of the key in the call buffer. */
  settleRow(family: number, keyLength: number): void {
    const record = this.#records.find(this.#buffer, family, keyLength);
    if (record !== 0) {
      this.#writer.settleRow(record);
    }
  }

  /** Forgets everything, and takes nothing any more. */
  close(): void {
    this.#isOpen = false;
    this.#records.clear();
  }

  #findForChange(family: number, keyLength: number): number {
    if (this.#records.unwritten.countOf(family) >= MOST_UNWRITTEN_ROWS) {
      this.#writer.writeOldest(family, ROWS_AT_ONCE);
    }
    return this.#records.find(this.#buffer, family, keyLength);
  }

  #takes(family: number): boolean {
    return this.#isOpen && !this.guard.isBypassed(family);
  }

  // The record is that of the row that is looked for, 0 for none.
  #set(record: number, kind: RowKind, length: number): boolean {
    const records = this.#records;
    if (record !== 0 && records.fits(record, length)) {
      records.setValue(record, kind, length);
      this.#changed(record);
      return true;
    }
    const words = records.wordsFor(length, record !== 0);
    if (words === 0) {
      return false;
    }
    const ring = records.ringFor(record);
    this.#writer.makeRoom(ring, words);
    const present = record === 0 ? 0 : records.findAgain();
    const added = records.add(ring, words);
    records.setValue(added, kind, length);
    this.#replaced(present, added);
    return true;
  }

  #append(record: number, length: number): boolean {
    const records = this.#records;
    const joined = records.valueLengthOf(record) + 1 + length;
    if (joined > LONGEST_JOINED_BYTES) {
      return false;
    }
    if (records.fits(record, joined)) {
      records.append(record, LIST_DELIMITER, length);
      this.#changed(record);
      return true;
    }
    const words = records.wordsFor(joined, true);
    if (words === 0) {
      return false;
    }
    const ring = records.ringFor(record);
    this.#writer.makeRoom(ring, words);
    const present = records.findAgain();
    if (present === 0) {
      return this.#set(0, OPERANDS, length);
    }
    const added = records.add(ring, words);
    records.takeContent(added, present);
    records.append(added, LIST_DELIMITER, length);
    this.#replaced(present, added);
    return true;
  }

  #replaced(record: number, replacement: number): void {
    if (record !== 0) {
      this.#absorbedWrites += this.#records.unwritten.has(record) ? 1 : 0;
      this.#records.drop(record);
    }
    this.#records.unwritten.add(replacement);
  }

  #changed(record: number): void {
    if (this.#records.unwritten.has(record)) {
      this.#absorbedWrites++;
    } else {
      this.#records.unwritten.add(record);
    }
  }
}
