// The rows of one state, accessed off the JS thread. A request keeps the key that was current when it was made.
import { checkLength, checkRow } from '../bytes/limits.ts';
import type { ColumnFamily } from '../rocksdb/column-family.ts';
import type { RowRequests } from './row-requests.ts';

export class AsyncRows {
  readonly #requests: RowRequests;
  readonly #columnFamily: ColumnFamily;

  constructor(requests: RowRequests, columnFamily: ColumnFamily) {
    this.#requests = requests;
    this.#columnFamily = columnFamily;
  }

  /** Settles when the requests made so far are carried out. */
  drain(): Promise<void> {
    return this.#requests.drain();
  }

  read<R>(key: Uint8Array, read: (value: Uint8Array | undefined) => R): Promise<R> {
    checkLength('key', key.length);
    return this.#requests.add({
      columnFamily: this.#columnFamily,
      key,
      needsValue: true,
      apply: (row) => read(row.value),
    });
  }

  /** Replaces the value by what `change` makes of it. */
  update(key: Uint8Array, change: (value: Uint8Array | undefined) => Uint8Array): Promise<void> {
    checkLength('key', key.length);
    return this.#requests.add({
      columnFamily: this.#columnFamily,
      key,
      needsValue: true,
      apply: (row) => {
        const value = change(row.value);
        checkRow(key.length, value.length);
        row.put(value);
      },
    });
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
