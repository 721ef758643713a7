// Lists the keys, or keys and namespaces, that have rows in column families. A map has many rows a key, and they are
// neighbours, so equal neighbours count once.
import type { Listing } from '../api/backend.ts';
import type { TypeSerializer } from '../api/type-information.ts';
import { DataInput } from '../bytes/data-input.ts';
import { DataOutput } from '../bytes/data-output.ts';
import { isAmbiguous, keyGroupPrefixBytes, skipItemLength } from '../keys/composite-key.ts';
import type { ColumnFamily } from '../rocksdb/column-family.ts';
import type { RocksDB } from '../rocksdb/rocksdb.ts';
import type { Entry } from '../rocksdb/scan.ts';
import { mergeSorted } from './merge-sorted.ts';

/** How the rows' keys are laid out. */
export interface RowLayout<K, N> {
  readonly maxParallelism: number;
  readonly keySerializer: TypeSerializer<K>;
  readonly namespaceSerializer: TypeSerializer<N>;
}

/** A row's key, taken apart. */
interface RowKey<K> {
  readonly key: K;
  /** Bytes of the key with its key group: equal for equal keys. */
  readonly keyBytes: Uint8Array;
  /** What follows the key: the namespace, and a map's user key. */
  readonly rest: DataInput;
}

export class RowKeys<K, N> {
  readonly #layout: RowLayout<K, N>;
  readonly #ambiguous: boolean;

  constructor(layout: RowLayout<K, N>) {
    this.#layout = layout;
    this.#ambiguous = isAmbiguous(layout.keySerializer, layout.namespaceSerializer);
  }

  read(row: Uint8Array): RowKey<K> {
    const input = new DataInput(row);
    input.position = keyGroupPrefixBytes(this.#layout.maxParallelism);
    const start = input.position;
    const key = this.#layout.keySerializer.deserialize(input);
    const keyBytes = row.subarray(0, input.position);
    if (this.#ambiguous) {
      skipItemLength(input.position - start, input);
    }
    return { key, keyBytes, rest: input };
  }
}

/** A key, with the bytes that order it. */
interface ListedKey<K> {
  readonly key: K;
  readonly keyBytes: Uint8Array;
}

/** What `listKeys` looks for. */
export interface KeySearch<K, N> {
  readonly db: RocksDB;
  readonly columnFamilies: readonly ColumnFamily[];
  readonly layout: RowLayout<K, N>;
  readonly namespace: N;
}

/** The keys that have rows with this namespace in any of the column families. */
export function listKeys<K, N>({ db, columnFamilies, layout, namespace }: KeySearch<K, N>): Listing<K> {
  const bytes = new DataOutput();
  layout.namespaceSerializer.serialize(namespace, bytes);
  const wanted = bytes.copy();
  const rowKeys = new RowKeys(layout);
  const sources = columnFamilies.map((columnFamily) =>
    listing<ListedKey<K>>(db, columnFamily, (row) => {
      const { key, keyBytes, rest } = rowKeys.read(row.key);
      const found = row.key.subarray(rest.position, rest.position + wanted.length);
      return Buffer.compare(found, wanted) === 0 ? { value: { key, keyBytes }, bytes: keyBytes } : undefined;
    }),
  );
  return mergeSorted(
    sources,
    (listed) => listed.keyBytes,
    (listed) => listed.key,
  );
}

/** The keys and namespaces in one column family. */
export function listKeysAndNamespaces<K, N>(
  db: RocksDB,
  columnFamily: ColumnFamily,
  layout: RowLayout<K, N>,
): Listing<readonly [K, N]> {
  const rowKeys = new RowKeys(layout);
  return listing(db, columnFamily, (row) => {
    const { key, rest } = rowKeys.read(row.key);
    const namespace = layout.namespaceSerializer.deserialize(rest);
    return { value: [key, namespace] as const, bytes: row.key.subarray(0, rest.position) };
  });
}

/** What is selected of a row; neighbours with equal bytes are one. */
type Select<T> = (row: Entry) => { readonly value: T; readonly bytes: Uint8Array } | undefined;

function listing<T>(db: RocksDB, columnFamily: ColumnFamily, select: Select<T>): Listing<T> {
  const scan = db.scan({ columnFamily, keysOnly: true, fillCache: false });
  let last: Uint8Array | undefined;
  const selectNew = (row: Entry): { readonly value: T } | undefined => {
    const selected = select(row);
    if (selected === undefined || (last !== undefined && Buffer.compare(selected.bytes, last) === 0)) {
      return undefined;
    }
    last = selected.bytes;
    return selected;
  };
  return {
    *[Symbol.iterator]() {
      for (const row of scan) {
        const selected = selectNew(row);
        if (selected !== undefined) {
          yield selected.value;
        }
      }
    },
    async *[Symbol.asyncIterator]() {
      for await (const row of scan) {
        const selected = selectNew(row);
        if (selected !== undefined) {
          yield selected.value;
        }
      }
    },
  };
}
