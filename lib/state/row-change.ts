// A row while asynchronous requests work on it in memory: what is stored, and what is to be written in the end.
import { checkLength, MAX_BYTES } from '../bytes/limits.ts';
import { LIST_DELIMITER } from '../bytes/list-elements.ts';
import { RocksDBError } from '../errors.ts';
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
  #unreadable: RocksDBError | undefined;
  #content: Content = { kind: 'unread' };
  #isChanged = false;

  constructor(columnFamily: ColumnFamily, key: Uint8Array) {
    this.columnFamily = columnFamily;
    this.key = key;
  }

  /** Tells what is stored, or why that can't be read: then requests that look at it fail, and the others do not. */
  load(value: Uint8Array | undefined | RocksDBError): void {
    if (value instanceof RocksDBError) {
      this.#unreadable = value;
      return;
    }
    this.#content = value === undefined ? { kind: 'absent' } : { kind: 'value', pieces: [value] };
  }

  get value(): Uint8Array | undefined {
    const content = this.#content;
    if (this.#unreadable !== undefined && (content.kind === 'unread' || content.kind === 'appended')) {
      throw this.#unreadable;
    }
    return content.kind === 'value' ? joined(content.pieces) : undefined;
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
    if (content.kind === 'absent' || content.kind === 'unread') {
      batch.delete(this.columnFamily, this.key);
      return;
    }
    const [first, ...more] = inRows(content.pieces);
    if (content.kind === 'value') {
      batch.put(this.columnFamily, this.key, first);
    } else {
      batch.merge(this.columnFamily, this.key, first);
    }
    for (const bytes of more) {
      batch.merge(this.columnFamily, this.key, bytes);
    }
  }

  #change(content: Content): void {
    this.#content = content;
    this.#isChanged = true;
  }
}

/** Joins the pieces of a list. @throws RocksDBError `ERR_ROCKSDB_TOO_LARGE` when that is longer than a value may be. */
function joined(pieces: Uint8Array[]): Uint8Array {
  if (pieces.length > 1) {
    const length = pieces.reduce((sum, piece) => sum + piece.length + 1, -1);
    checkLength('value', length);
    const whole = new Uint8Array(length);
    let position = 0;
    for (const [index, piece] of pieces.entries()) {
      if (index > 0) {
        whole[position++] = LIST_DELIMITER;
      }
      whole.set(piece, position);
      position += piece.length;
    }
    pieces.splice(0, pieces.length, whole);
  }
  return pieces[0] as Uint8Array;
}

// Joins neighbours as long as they fit one record: a list may be longer.
function inRows(pieces: readonly Uint8Array[]): [Uint8Array, ...Uint8Array[]] {
  const rows: Uint8Array[][] = [];
  let left = 0;
  for (const piece of pieces) {
    const row = rows.at(-1);
    if (row === undefined || piece.length + 1 > left) {
      rows.push([piece]);
      left = MAX_BYTES - piece.length;
    } else {
      row.push(piece);
      left -= piece.length + 1;
    }
  }
  return rows.map(joined) as [Uint8Array, ...Uint8Array[]];
}
