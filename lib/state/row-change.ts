// A row while asynchronous requests work on it in memory: what is stored, and what is to be written in the end.
import { LIST_DELIMITER } from '../bytes/list-elements.ts';
import type { ColumnFamily } from '../rocksdb/column-family.ts';
import type { WriteBatch } from '../rocksdb/write-batch.ts';

/** What a request may do with its row. */
export interface Row {
  /** What the row holds now; only for requests that need the value. */
  readonly value: Uint8Array | undefined;
  put(value: Uint8Array): void;
  remove(): void;
  /** Appends to a list, behind a delimiter. */
  append(bytes: Uint8Array): void;
}

/** What a row holds, as far as that is known. The pieces of a list are joined only in the end. */
type Content =
  | { readonly kind: 'unread' }
  | { readonly kind: 'absent' }
  | { readonly kind: 'value'; readonly pieces: Uint8Array[] }
  /** Something unread, with this appended. */
  | { readonly kind: 'appended'; readonly pieces: Uint8Array[] };

export class RowChange implements Row {
  readonly columnFamily: ColumnFamily;
  readonly key: Uint8Array;
  needsRead = false;
  #content: Content = { kind: 'unread' };
  #isChanged = false;

  constructor(columnFamily: ColumnFamily, key: Uint8Array) {
    this.columnFamily = columnFamily;
    this.key = key;
  }

  /** Tells what is stored. */
  load(value: Uint8Array | undefined): void {
    this.#content = value === undefined ? { kind: 'absent' } : { kind: 'value', pieces: [value] };
  }

  get value(): Uint8Array | undefined {
    return this.#content.kind === 'value' ? joined(this.#content.pieces) : undefined;
  }

  put(value: Uint8Array): void {
    this.#change({ kind: 'value', pieces: [value] });
  }

  remove(): void {
    this.#change({ kind: 'absent' });
  }

  append(bytes: Uint8Array): void {
    const before = this.#content;
    if (before.kind === 'unread') {
      this.#change({ kind: 'appended', pieces: [bytes] });
    } else if (before.kind === 'absent') {
      this.#change({ kind: 'value', pieces: [bytes] });
    } else {
      before.pieces.push(bytes);
      this.#isChanged = true;
    }
  }

  /** Runs a request; when it throws, the row is as before (appending, which changes pieces in place, comes last in one). */
  attempt<R>(apply: (row: Row) => R): R {
    const content = this.#content;
    const isChanged = this.#isChanged;
    try {
      return apply(this);
    } catch (error) {
      this.#content = content;
      this.#isChanged = isChanged;
      throw error;
    }
  }

  /** Adds what changed, if anything. */
  addTo(batch: WriteBatch): void {
    if (!this.#isChanged) {
      return;
    }
    const content = this.#content;
    if (content.kind === 'value') {
      batch.put(this.columnFamily, this.key, joined(content.pieces));
    } else if (content.kind === 'appended') {
      batch.merge(this.columnFamily, this.key, joined(content.pieces));
    } else {
      batch.delete(this.columnFamily, this.key);
    }
  }

  #change(content: Content): void {
    this.#content = content;
    this.#isChanged = true;
  }
}

function joined(pieces: Uint8Array[]): Uint8Array {
  if (pieces.length > 1) {
    const parts = pieces.flatMap((piece, index) => (index === 0 ? [piece] : [Uint8Array.of(LIST_DELIMITER), piece]));
    pieces.splice(0, pieces.length, Buffer.concat(parts));
  }
  return pieces[0] as Uint8Array;
}
