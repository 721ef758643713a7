// The memory of hot rows: their records in two rings, the index that finds them, and the chains of those that are yet to be
// written. All of it is allocated once. Rows are new in the small ring; those that are used again, or soon come back, go to
// the main one, so that what is used once, as by going through all keys, does not drive out what is used often.
import { KEY_OFFSET } from './call-buffer.ts';
import { RowIndex } from './row-index.ts';
import {
  HASH,
  HEADER_WORDS,
  KEY_LENGTH,
  KEY_WORD,
  type KeyBuffer,
  KIND_MASK,
  MARKS_BITS,
  type RowKind,
  TAG,
  USE,
  USES_MASK,
  VALUE_LENGTH,
  WORD_BYTES,
  wordsOf,
} from './row-layout.ts';
import { RowRing } from './row-ring.ts';
import { UnwrittenRows } from './unwritten-rows.ts';

// Budget for one place of the index, and for one remembered hash.
const BYTES_PER_BUCKET = 64;
const BYTES_PER_GHOST = 256;
const NEW_ROWS_SHARE = 8;
const LEAST_NEW_RECORDS = 4;
const LONGEST_RECORD_WORDS = 16 * 1024;
// From here on the copying of a whole array is faster than a loop.
const FEW_WORDS = 48;
// How much longer than its value the record of one that has grown is.
const GROWTH = 1.25;

export class RowRecords {
  readonly bytes: Uint8Array;
  readonly newRows: RowRing;
  readonly mainRows: RowRing;
  readonly unwritten: UnwrittenRows;
  readonly #words: Int32Array;
  readonly #longestWords: number;
  readonly #index: RowIndex;
  // Hashes of rows that have left lately without having been used again.
  readonly #ghosts: Int32Array;
  // What was found or added last.
  #last = 0;

  /** @param sizeBytes - of all that is allocated. */
  constructor(sizeBytes: number, buffer: KeyBuffer) {
    const buckets = new Int32Array(floorOfPower(sizeBytes / BYTES_PER_BUCKET));
    this.#ghosts = new Int32Array(floorOfPower(sizeBytes / BYTES_PER_GHOST));
    const rowBytes = sizeBytes - buckets.byteLength - this.#ghosts.byteLength;
    const words = new Int32Array(Math.floor(rowBytes / WORD_BYTES));
    this.#words = words;
    this.bytes = new Uint8Array(words.buffer);
    this.#index = new RowIndex(words, buckets, buffer);
    this.unwritten = new UnwrittenRows(words);
    const newWords = Math.floor(words.length / NEW_ROWS_SHARE);
    this.#longestWords = Math.min(Math.floor(newWords / LEAST_NEW_RECORDS), LONGEST_RECORD_WORDS);
    // 0 stands for no record.
    this.newRows = new RowRing(words, { start: 1, end: 1 + newWords, spare: 2 * this.#longestWords });
    this.mainRows = new RowRing(words, { start: 1 + newWords, end: words.length, spare: 2 * this.#longestWords });
  }

  get usedBytes(): number {
    return (this.newRows.usedWords + this.mainRows.usedWords) * WORD_BYTES;
  }

  /** The longest that key and value of a row can be together. */
  get longestBytes(): number {
    return (this.#longestWords - HEADER_WORDS) * WORD_BYTES;
  }

  /** The record of a row; 0 when there is none. What is found counts as used. */
  find(buffer: KeyBuffer, family: number, keyLength: number): number {
    if (keyLength > this.longestBytes) {
      this.#index.seekNothing();
      return 0;
    }
    this.#index.seek(buffer, family, keyLength);
    const record = this.#index.find();
    // Who reads a row and writes it at once uses it once.
    if (record !== 0 && record !== this.#last && (this.#tag(record) & USES_MASK) !== USES_MASK) {
      this.#words[record + TAG] = this.#tag(record) + USE;
    }
    this.#last = record;
    return record;
  }

  /** As {@link find}, of the same row, whose record may have been moved or taken away meanwhile. */
  findAgain(): number {
    return this.#index.find();
  }

  kindOf(record: number): RowKind {
    return (this.#tag(record) & KIND_MASK) as RowKind;
  }

  familyOf(record: number): number {
    return this.#tag(record) >> MARKS_BITS;
  }

  isUsed(record: number): boolean {
    return (this.#tag(record) & USES_MASK) !== 0;
  }

  /** Whether there is a row in what is in a record's place. */
  isThere(record: number): boolean {
    return this.wordsAt(record) > 0;
  }

  wordsAt(record: number): number {
    return this.#words[record] as number;
  }

  valueLengthOf(record: number): number {
    return this.#words[record + VALUE_LENGTH] as number;
  }

  /** Where the value's bytes begin. */
  valueStartOf(record: number): number {
    return (record + HEADER_WORDS) * WORD_BYTES + (this.#words[record + KEY_LENGTH] as number);
  }

  /** A view. */
  keyOf(record: number): Uint8Array {
    const start = (record + HEADER_WORDS) * WORD_BYTES;
    return this.bytes.subarray(start, start + (this.#words[record + KEY_LENGTH] as number));
  }

  /** A view. */
  valueOf(record: number): Uint8Array {
    const start = this.valueStartOf(record);
    return this.bytes.subarray(start, start + this.valueLengthOf(record));
  }

  /** Words for the row that is looked for, with a value of this length; 0 when that is too long. */
  wordsFor(valueLength: number, hasGrown: boolean): number {
    const { keyLength } = this.#index;
    const least = keyLength < 0 ? 0 : wordsOf(keyLength + valueLength);
    const wanted = hasGrown ? wordsOf(keyLength + Math.ceil(valueLength * GROWTH)) : least;
    return least > this.#longestWords ? 0 : Math.min(wanted, this.#longestWords);
  }

  /** Whether a value of this length fits into the record, which is made longer where that can be done in place. */
  fits(record: number, valueLength: number): boolean {
    const needed = wordsOf((this.#words[record + KEY_LENGTH] as number) + valueLength);
    return (
      needed <= this.wordsAt(record) || (needed <= this.#longestWords && this.#ringOf(record).extend(record, needed))
    );
  }

  /** Where the row that is looked for is to be added. @param present - the record that it has, if any. */
  ringFor(present: number): RowRing {
    if (present !== 0) {
      return this.#ringOf(present);
    }
    const { hash } = this.#index;
    return this.#ghosts[hash & (this.#ghosts.length - 1)] === hash ? this.mainRows : this.newRows;
  }

  /** Adds a record for the row that is looked for, with its key. The ring must have room. */
  add(ring: RowRing, words: number): number {
    const record = ring.add(words);
    this.#index.add(record);
    this.#copyIn(record, 0, this.#index.keyLength);
    this.#last = record;
    return record;
  }

  /** Gives the record the value that is behind the key in the buffer. */
  setValue(record: number, kind: RowKind, valueLength: number): void {
    if (valueLength > 0) {
      const { keyLength } = this.#index;
      this.#copyIn(record, keyLength >> 2, keyLength + valueLength);
    }
    this.setContent(record, kind, valueLength);
  }

  setContent(record: number, kind: RowKind, valueLength: number): void {
    this.#words[record + TAG] = (this.#tag(record) & ~KIND_MASK) | kind;
    this.#words[record + VALUE_LENGTH] = valueLength;
  }

  /** Appends what is behind the key in the buffer to the value, behind a delimiter. It must fit. */
  append(record: number, delimiter: number, length: number): void {
    const before = this.valueLengthOf(record);
    const start = this.valueStartOf(record) + before;
    const { buffer, keyLength } = this.#index;
    const from = KEY_OFFSET + keyLength;
    this.bytes[start] = delimiter;
    this.bytes.set(buffer.bytes.subarray(from, from + length), start + 1);
    this.#words[record + VALUE_LENGTH] = before + 1 + length;
  }

  /** Gives a record what another one has. */
  takeContent(record: number, other: number): void {
    const start = this.valueStartOf(other);
    const length = this.valueLengthOf(other);
    this.bytes.copyWithin(this.valueStartOf(record), start, start + length);
    this.setContent(record, this.kindOf(other), length);
  }

  /** Forgets a row. */
  drop(record: number): void {
    this.unwritten.remove(record);
    this.#index.remove(record);
    this.#words[record] = -this.wordsAt(record);
  }

  /** Forgets the oldest row of a ring, unless it is forgotten already. */
  dropOldest(ring: RowRing): void {
    const record = ring.oldest;
    if (this.isThere(record)) {
      const hash = this.#words[record + HASH] as number;
      this.#ghosts[hash & (this.#ghosts.length - 1)] = hash;
      this.drop(record);
    }
    ring.takeOldest();
  }

  /** Moves the oldest record of a ring to the end of another one that has room, or of the same. */
  moveOldest(from: RowRing, to: RowRing): void {
    const record = from.oldest;
    const words = this.wordsAt(record);
    from.takeOldest();
    // A ring's spare words keep the two places apart.
    const moved = to.add(words);
    this.#words.copyWithin(moved, record, record + words);
    this.#index.replace(record, moved);
    if (this.unwritten.has(moved)) {
      this.unwritten.moved(moved);
    }
    const tag = this.#tag(moved);
    this.#words[moved + TAG] = from === to && this.isUsed(moved) ? tag - USE : tag & ~USES_MASK;
  }

  /** Forgets everything. */
  clear(): void {
    this.#index.clear();
    this.unwritten.clear();
    this.newRows.clear();
    this.mainRows.clear();
    this.#last = 0;
  }

  #ringOf(record: number): RowRing {
    return this.mainRows.holds(record) ? this.mainRows : this.newRows;
  }

  #tag(record: number): number {
    return this.#words[record + TAG] as number;
  }

  // Copies what is in the buffer from a word of the key on, up to so many bytes behind the key's beginning.
  #copyIn(record: number, fromWord: number, length: number): void {
    const words = this.#words;
    const given = this.#index.buffer.words;
    const to = record + HEADER_WORDS;
    const end = (length + WORD_BYTES - 1) >> 2;
    if (end - fromWord > FEW_WORDS) {
      words.set(given.subarray(KEY_WORD + fromWord, KEY_WORD + end), to + fromWord);
      return;
    }
    for (let i = fromWord; i < end; i++) {
      words[to + i] = given[KEY_WORD + i] as number;
    }
  }
}

function floorOfPower(count: number): number {
  return 2 ** Math.floor(Math.log2(Math.max(count, 2)));
}
