// The rows of one state, accessed off the JS thread. A request keeps the key that was current when it was made.
import { DataInput } from '../bytes/data-input.ts';
import { checkLength, checkRow } from '../bytes/limits.ts';
import type { ColumnFamily } from '../rocksdb/column-family.ts';
import type { Row } from './row-change.ts';
import type { RowRequests } from './row-requests.ts';
import type { RowState, RowTtl } from './row-ttl.ts';

export class AsyncRows {
  readonly #requests: RowRequests;
  readonly #columnFamily: ColumnFamily;
  readonly #ttl: RowTtl | undefined;

  /** @param ttl - where the rows expire as a whole. */
  constructor(requests: RowRequests, columnFamily: ColumnFamily, ttl?: RowTtl) {
    this.#requests = requests;
    this.#columnFamily = columnFamily;
    this.#ttl = ttl;
  }

  /** Settles when the requests made so far are carried out. */
  drain(): Promise<void> {
    return this.#requests.drain();
  }

  /** What expired is removed, and what lives on by being read is written with the present time. */
  read<R>(key: Uint8Array, read: (value: DataInput | undefined) => R): Promise<R> {
    return this.visit(key, (row) => {
      const { value } = row;
      const input = value && new DataInput(value);
      const ttl = this.#ttl;
      if (input === undefined || value === undefined || ttl === undefined) {
        return read(input);
      }
      const state = ttl.judge(input);
      const result = read(ttl.shows(state) ? input : undefined);
      settle(row, state, ttl, value);
      return result;
    });
  }

  /** Replaces the value by what `change` makes of it; one that expired is none. */
  update(key: Uint8Array, change: (value: DataInput | undefined) => Uint8Array): Promise<void> {
    return this.visit(key, (row) => {
      const input = row.value && new DataInput(row.value);
      const state = input && this.#ttl?.judge(input);
      const value = change(state === 'expired' || state === 'none' ? undefined : input);
      checkRow(key.length, value.length);
      row.put(value);
    });
  }

  /** Does to a row, unless it was changed since `seen`, what reading it in this state does. */
  settle(key: Uint8Array, seen: Uint8Array, state: RowState): Promise<void> {
    return this.visit(key, (row) => {
      const { value } = row;
      if (this.#ttl !== undefined && value !== undefined && Buffer.compare(value, seen) === 0) {
        settle(row, state, this.#ttl, value);
      }
    });
  }

  /** Looks at a row and may change it, with nothing in between. */
  visit<R>(key: Uint8Array, apply: (row: Row) => R): Promise<R> {
    checkLength('key', key.length);
    return this.#requests.add({ columnFamily: this.#columnFamily, key, needsValue: true, apply });
  }

  /** @throws RocksDBError `ERR_ROCKSDB_TOO_LARGE` at once, as the others do. */
  put(key: Uint8Array, value: Uint8Array): Promise<void> {
    checkRow(key.length, value.length);
    return this.#requests.add({
      columnFamily: this.#columnFamily,
      key,
      needsValue: false,
      apply: (row) => row.put(value),
    });
  }

  append(key: Uint8Array, bytes: Uint8Array): Promise<void> {
    checkRow(key.length, bytes.length);
    return this.#requests.add({
      columnFamily: this.#columnFamily,
      key,
      needsValue: false,
      apply: (row) => row.append(bytes),
    });
  }

  remove(key: Uint8Array): Promise<void> {
    checkLength('key', key.length);
    return this.#requests.add({
      columnFamily: this.#columnFamily,
      key,
      needsValue: false,
      apply: (row) => row.remove(),
    });
  }
}

function settle(row: Row, state: RowState, ttl: RowTtl, value: Uint8Array): void {
  if (state === 'expired') {
    row.remove();
  } else if (state === 'stale') {
    row.put(ttl.refreshed(value));
  }
}
