// Writes hot rows to the database, many at a time, and makes room among them. What can't be written stays, as unwritten as it was.
import { RocksDBError } from '../errors.ts';
import { familiesOf } from './batch-records.ts';
import { ABSENT, VALUE, WORD_BYTES } from './row-layout.ts';
import type { RowRecords } from './row-records.ts';
import type { RowRing } from './row-ring.ts';
import { WriteBatch } from './write-batch.ts';

// Of what making room may take at once: bytes that become free, and how many times as many are looked at for that. When not
// enough of those could leave, as they were all used, the next ones have to.
const FREED_BYTES = 64 * 1024;
const FREED_SHARE = 16;
const LOOKED_AT = 16;

/** Rows that are written in one go where more could be, so that it takes milliseconds. */
export const ROWS_AT_ONCE = 1024;

/** Which rows leave when room is made; the others move on. */
type Leaving = 'none' | 'unused' | 'all';

/** Of making room: words to look at, and how many of them are of rows that stay. */
interface Plan {
  readonly words: number;
  readonly stayingWords: number;
}

/** Where rows are written to. */
export interface RowStore {
  /** Applies a batch in RocksDB's format. */
  write(batch: Uint8Array): void;
  /** Of a column family. */
  nameOf(family: number): string;
}

export class RowWriter {
  readonly #records: RowRecords;
  readonly #store: RowStore;
  readonly #batchBytes: number;
  readonly #batch = new WriteBatch();
  #writtenRows = 0;

  constructor(records: RowRecords, store: RowStore, batchBytes: number) {
    this.#records = records;
    this.#store = store;
    this.#batchBytes = batchBytes;
  }

  /** Rows that were written so far. */
  get writtenRows(): number {
    return this.#writtenRows;
  }

  /** Writes the unwritten rows of a family. */
  settle(family: number): void {
    while (this.#records.unwritten.oldest(family) !== 0) {
      this.writeOldest(family);
    }
  }

  /** Writes those of the unwritten rows of a family that have been so for longest, as many as a batch takes, up to `most`. */
  writeOldest(family: number, most: number = Number.POSITIVE_INFINITY): void {
    const { unwritten } = this.#records;
    let count = 0;
    let record = unwritten.oldest(family);
    while (record !== 0 && count < most && this.#batch.sizeBytes < this.#batchBytes) {
      this.#add(record);
      count++;
      record = unwritten.next(record);
    }
    this.#write();
    for (; count > 0; count--) {
      this.#markWritten(unwritten.oldest(family));
    }
  }

  settleAll(): void {
    if (this.#records.unwritten.count > 0) {
      for (const family of this.#records.unwritten.families()) {
        this.settle(family);
      }
    }
  }

  /** Writes a row if it is unwritten. */
  settleRow(record: number): void {
    if (this.#records.unwritten.has(record)) {
      this.#add(record);
      this.#write();
      this.#markWritten(record);
    }
  }

  /** Has the oldest rows leave a ring until it has room for a record. */
  makeRoom(ring: RowRing, words: number): void {
    for (let isFirst = true; !ring.hasRoom(words); isFirst = false) {
      if (ring === this.#records.newRows) {
        this.#evictNew(words);
      } else {
        this.#evict(ring, isFirst ? 'unused' : 'all', this.#plan(ring, isFirst ? 'unused' : 'all', words));
      }
    }
  }

  // While there is room among the main rows, none has to leave.
  #evictNew(wanted: number): void {
    const { mainRows, newRows } = this.#records;
    const leaving = mainRows.hasRoomForMany(newRows.sizeWords) ? 'none' : 'unused';
    const plan = this.#plan(newRows, leaving, wanted);
    for (let isFirst = true; !mainRows.hasRoomForMany(plan.stayingWords); isFirst = false) {
      const leavingMain = isFirst ? 'unused' : 'all';
      this.#evict(mainRows, leavingMain, this.#plan(mainRows, leavingMain, plan.stayingWords));
    }
    this.#evict(newRows, leaving, plan);
  }

  #evict(ring: RowRing, leaving: Leaving, { words }: Plan): void {
    this.#writeLeaving(ring, leaving, words);
    this.#leave(ring, leaving, words);
  }

  /** How far to go so that so many words become free. Rows that stay free no words of the main ring: they go to its end. */
  #plan(ring: RowRing, leaving: Leaving, wanted: number): Plan {
    const freed = Math.max(Math.min(FREED_BYTES / WORD_BYTES, Math.floor(ring.sizeWords / FREED_SHARE)), wanted);
    const most = Math.min(ring.usedWords, LOOKED_AT * freed);
    const mayMove = ring === this.#records.newRows;
    let words = 0;
    let stayingWords = 0;
    for (let record = ring.oldest; words < most; record = ring.next(record)) {
      const present = Math.abs(this.#records.wordsAt(record));
      words += present;
      stayingWords += this.#stays(record, leaving) ? present : 0;
      if ((mayMove ? words : words - stayingWords) >= freed) {
        break;
      }
    }
    return { words, stayingWords };
  }

  #writeLeaving(ring: RowRing, leaving: Leaving, words: number): void {
    const records = this.#records;
    let record = ring.oldest;
    for (let seen = 0; seen < words; record = ring.next(record)) {
      seen += Math.abs(records.wordsAt(record));
      if (records.isThere(record) && records.unwritten.has(record) && !this.#stays(record, leaving)) {
        this.#add(record);
      }
    }
    this.#write();
  }

  #leave(ring: RowRing, leaving: Leaving, words: number): void {
    const records = this.#records;
    for (let seen = 0; seen < words; ) {
      const record = ring.oldest;
      seen += Math.abs(records.wordsAt(record));
      if (this.#stays(record, leaving)) {
        records.moveOldest(ring, records.mainRows);
      } else {
        records.dropOldest(ring);
      }
    }
  }

  #stays(record: number, leaving: Leaving): boolean {
    const records = this.#records;
    return records.isThere(record) && (leaving === 'none' || (leaving === 'unused' && records.isUsed(record)));
  }

  #add(record: number): void {
    const records = this.#records;
    const family = { name: '', number: records.familyOf(record) };
    const kind = records.kindOf(record);
    if (kind === ABSENT) {
      this.#batch.delete(family, records.keyOf(record));
    } else if (kind === VALUE) {
      this.#batch.put(family, records.keyOf(record), records.valueOf(record));
    } else {
      this.#batch.merge(family, records.keyOf(record), records.valueOf(record));
    }
  }

  #write(): void {
    const batch = this.#batch;
    if (batch.count === 0) {
      return;
    }
    try {
      this.#store.write(batch.encoded());
      this.#writtenRows += batch.count;
    } catch (cause) {
      throw this.#failure(cause);
    } finally {
      batch.clear();
    }
  }

  // What was added to something unread is of no use any more.
  #markWritten(record: number): void {
    const records = this.#records;
    const kind = records.kindOf(record);
    if (kind === ABSENT || kind === VALUE) {
      records.unwritten.remove(record);
    } else {
      records.drop(record);
    }
  }

  #failure(cause: unknown): unknown {
    if (!(cause instanceof RocksDBError)) {
      return cause;
    }
    const names = [...familiesOf(this.#batch.encoded())].map((family) => `'${this.#store.nameOf(family)}'`);
    const error = new RocksDBError(
      `Rows of ${names.join(', ')} that were changed earlier could not be written: ${cause.message} ` +
        'They are kept in memory, and written as soon as that is possible.',
      cause,
    );
    error.cause = cause;
    return error;
  }
}
