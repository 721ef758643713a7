// Keeps what goes to the database's rows directly, and the hot rows, from missing each other: rows are written before they are
// read directly, and forgotten where they are changed directly. All ways to the rows but point calls of one row lead through here.
import { setImmediate } from 'node:timers/promises';
import { familiesOf, recordsOf } from './batch-records.ts';
import { KEY_OFFSET } from './call-buffer.ts';
import { type KeyBuffer, WORD_BYTES } from './row-layout.ts';
import type { RowRecords } from './row-records.ts';
import { ROWS_AT_ONCE, type RowWriter } from './row-writer.ts';

export class RowGuard {
  readonly #records: RowRecords;
  readonly #writer: RowWriter;
  // For keys that are not in the call buffer.
  readonly #aside: KeyBuffer;
  // By family: how many calls are changing its rows directly, off the JS thread.
  readonly #direct: number[] = [];

  constructor(records: RowRecords, writer: RowWriter) {
    this.#records = records;
    this.#writer = writer;
    this.#aside = keyBufferOf(records.longestBytes);
  }

  /** Whether rows of a family are being changed directly, so that none may be remembered. */
  isBypassed(family: number): boolean {
    return (this.#direct[family] ?? 0) > 0;
  }

  /** Has the database know a row. */
  settleKey(family: number, key: Uint8Array): void {
    const record = this.#findAside(family, key);
    if (record !== 0) {
      this.#writer.settleRow(record);
    }
  }

  /** Has the database know all rows of a family, or all there are. */
  settle(family?: number): void {
    if (family === undefined) {
      this.#writer.settleAll();
    } else {
      this.#writer.settle(family);
    }
  }

  /** As {@link settle} of all, a batch at a time, between which the event loop turns. */
  async settleInTurns(): Promise<void> {
    const { unwritten } = this.#records;
    while (unwritten.count > 0) {
      const family = unwritten.families().find((each) => unwritten.countOf(each) > 0) as number;
      this.#writer.writeOldest(family, ROWS_AT_ONCE);
      await setImmediate();
    }
  }

  /** A batch is about to be written: what it adds to is in the database then. */
  beforeWrite(batch: Uint8Array): void {
    if (this.#records.unwritten.count === 0) {
      return;
    }
    for (const { effect, family, key } of recordsOf(batch)) {
      if (effect === 'adds') {
        this.settleKey(family, key);
      } else if (effect === 'removes range') {
        this.#writer.settle(family);
      }
    }
  }

  /** A batch was written: what it changed is to be read from the database. */
  afterWrite(batch: Uint8Array): void {
    if (this.#records.usedBytes === 0) {
      return;
    }
    for (const { effect, family, key } of recordsOf(batch)) {
      if (effect === 'removes range') {
        this.forget(family);
      } else if (this.#findAside(family, key) !== 0) {
        this.#records.drop(this.#records.findAgain());
      }
    }
  }

  /** As {@link during}, with the families of a batch, whose keys are forgotten. */
  duringBatch<R>(batch: Uint8Array, work: () => Promise<R>): Promise<R> {
    const families = [...familiesOf(batch)];
    for (const family of families) {
      this.#writer.settle(family);
    }
    this.afterWrite(batch);
    return this.#holding(families, work);
  }

  /** Has the database know all rows of a family, then forgets them, as `work` may change any of them. */
  around<R>(family: number, work: () => R): R {
    this.#writer.settle(family);
    try {
      return work();
    } finally {
      this.forget(family);
    }
  }

  /** As {@link around}; the family's rows are written at once, and not remembered, until `work` has ended. */
  during<R>(families: readonly number[], work: () => Promise<R>): Promise<R> {
    for (const family of families) {
      this.#writer.settle(family);
      this.forget(family);
    }
    return this.#holding(families, work);
  }

  /** Forgets all rows of a family, also what is yet to be written. */
  forget(family: number): void {
    for (const ring of [this.#records.newRows, this.#records.mainRows]) {
      let record = ring.oldest;
      for (let seen = 0; seen < ring.usedWords; record = ring.next(record)) {
        seen += Math.abs(this.#records.wordsAt(record));
        if (this.#records.isThere(record) && this.#records.familyOf(record) === family) {
          this.#records.drop(record);
        }
      }
    }
  }

  #findAside(family: number, key: Uint8Array): number {
    if (key.length > this.#records.longestBytes) {
      return 0;
    }
    this.#aside.bytes.set(key, KEY_OFFSET);
    return this.#records.find(this.#aside, family, key.length);
  }

  async #holding<R>(families: readonly number[], work: () => Promise<R>): Promise<R> {
    for (const family of families) {
      this.#direct[family] = (this.#direct[family] ?? 0) + 1;
    }
    try {
      return await work();
    } finally {
      for (const family of families) {
        this.#direct[family] = (this.#direct[family] ?? 0) - 1;
      }
    }
  }
}

function keyBufferOf(bytes: number): KeyBuffer {
  const words = new Int32Array(Math.ceil((KEY_OFFSET + bytes) / WORD_BYTES));
  return { words, bytes: new Uint8Array(words.buffer) };
}
