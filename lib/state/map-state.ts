// Map state on RocksDB: one row per entry, the user key at the row key's end.
import type { MapStateDescriptor } from '../api/descriptors.ts';
import type { MapState, MapStateEntry, NamespacedState } from '../api/state.ts';
import { DataInput } from '../bytes/data-input.ts';
import { givenEntries } from '../bytes/given-items.ts';
import { checkRow } from '../bytes/limits.ts';
import type { PrefixScanOptions } from '../rocksdb/prefix-scan.ts';
import type { Entry } from '../rocksdb/scan.ts';
import type { WriteBatch } from '../rocksdb/write-batch.ts';
import { type EntryWrites, StoredEntry } from './map-entry.ts';
import { MapFormat } from './map-format.ts';
import { type ReadRow, RowIterator } from './row-iterator.ts';
import { Settlements } from './settlements.ts';
import type { StateTable } from './state-table.ts';
import { WriteBatches } from './write-batches.ts';

/** What of the rows is read. */
interface ScannedParts {
  readonly keysOnly?: boolean;
}

const KEYS: PrefixScanOptions = { keysOnly: true, keepsRows: false };
const WHOLE_ROWS: PrefixScanOptions = { keysOnly: false, keepsRows: false };
const KEPT_ROWS: PrefixScanOptions = { keysOnly: false, keepsRows: true };

/** Reads a row that came from a worker. */
type ReadEntry<R> = (row: Entry, value: DataInput) => R;

export class RocksDBMapState<K, N, UK, UV> implements MapState<UK, UV>, NamespacedState<N> {
  readonly #table: StateTable<K, N>;
  readonly #format: MapFormat<K, N, UK, UV>;
  readonly #batches: WriteBatches;
  readonly #writes: EntryWrites<UV>;
  readonly #readKey: ReadRow<UK>;
  readonly #readValue: ReadRow<UV>;
  readonly #readEntry: ReadRow<MapStateEntry<UK, UV>>;

  constructor(table: StateTable<K, N>, descriptor: MapStateDescriptor<UK, UV>) {
    const format = new MapFormat(table, descriptor);
    const writes: EntryWrites<UV> = {
      replaceValue: (row, value) => {
        table.checkWritable();
        table.putRow(row, format.valueBytes(value, row));
      },
      removeRow: (row) => table.removeRow(row),
    };
    this.#table = table;
    this.#format = format;
    this.#batches = new WriteBatches(table);
    this.#writes = writes;
    this.#readKey = (row) => format.readKey(row.keyInput(), row);
    this.#readValue = (row, value) => format.readValue(value, row);
    this.#readEntry = (row, input) => {
      const value = format.readValue(input, row);
      return new StoredEntry(format.readKey(row.keyInput(), row), value, row, writes);
    };
  }

  setCurrentNamespace(namespace: N): void {
    this.#table.namespace = namespace;
  }

  get(key: UK): UV | undefined {
    this.#startRow(key);
    const input = this.#table.get();
    return input === undefined ? undefined : this.#format.readValue(input);
  }

  contains(key: UK): boolean {
    this.#startRow(key);
    return this.#table.get() !== undefined;
  }

  put(key: UK, value: UV): void {
    this.#startRow(key);
    this.#format.writeValue(value, this.#table.startValue());
    this.#table.put();
  }

  remove(key: UK): void {
    this.#startRow(key);
    this.#table.remove();
  }

  putAll(entries: Iterable<readonly [UK, UV]>): void {
    this.#table.checkWritable();
    const given = givenEntries(this.#table.name, entries);
    const prefix = this.#table.rowPrefix();
    // All are serialized before anything is written, so that one that can't be written stops the whole.
    this.#batches.writeAll(given, (batch, entry) => this.#addRow(batch, prefix, entry));
  }

  isEmpty(): boolean {
    this.#table.startKey();
    if (!this.#table.expires) {
      return !this.#table.hasRows();
    }
    const rows = this.#table.scan(WHOLE_ROWS);
    try {
      while (rows.next()) {
        if (this.#table.shows(rows)) {
          return false;
        }
      }
      return true;
    } finally {
      rows.close();
    }
  }

  clear(): void {
    this.#table.checkWritable();
    this.#table.startKey();
    const rows = this.#table.scan(KEYS);
    try {
      this.#batches.removeAll(rows);
    } finally {
      rows.close();
    }
  }

  // The key is captured when an iterator is asked for, and not when it is first moved.
  entries(): IterableIterator<MapStateEntry<UK, UV>> {
    return this.#rows(KEPT_ROWS, this.#readEntry);
  }

  keys(): IterableIterator<UK> {
    return this.#rows(this.#table.expires ? WHOLE_ROWS : KEYS, this.#readKey);
  }

  values(): IterableIterator<UV> {
    return this.#rows(WHOLE_ROWS, this.#readValue);
  }

  [Symbol.iterator](): IterableIterator<MapStateEntry<UK, UV>> {
    return this.entries();
  }

  async asyncGet(key: UK): Promise<UV | undefined> {
    const row = this.#rowKey(key);
    return this.#table.asyncRows.read(row, (input) =>
      input === undefined ? undefined : this.#format.readValue(input, { key: row }),
    );
  }

  async asyncContains(key: UK): Promise<boolean> {
    return this.#table.asyncRows.read(this.#rowKey(key), (input) => input !== undefined);
  }

  async asyncPut(key: UK, value: UV): Promise<void> {
    return this.#table.asyncRows.put(this.#rowKey(key), this.#format.valueBytes(value));
  }

  async asyncPutAll(entries: Iterable<readonly [UK, UV]>): Promise<void> {
    const rows = this.#rowsOf(entries);
    await Promise.all(rows.map(([key, value]) => this.#table.asyncRows.put(key, value)));
  }

  async asyncRemove(key: UK): Promise<void> {
    return this.#table.asyncRows.remove(this.#rowKey(key));
  }

  async asyncIsEmpty(): Promise<boolean> {
    for await (const row of this.#scanAsync({ keysOnly: !this.#table.expires })) {
      if (this.#table.shows(row)) {
        return false;
      }
    }
    return true;
  }

  async asyncClear(): Promise<void> {
    const removals: Promise<void>[] = [];
    for await (const row of this.#scanAsync({ keysOnly: true })) {
      removals.push(this.#table.asyncRows.remove(row.key));
    }
    await Promise.all(removals);
  }

  asyncEntries(): AsyncIterableIterator<MapStateEntry<UK, UV>> {
    const readKey = this.#keyReader();
    return this.#mappedAsync({}, (row, input) => {
      const place = { keyBuffer: row.key, keyStart: 0, keyEnd: row.key.length };
      return new StoredEntry(readKey(row), this.#format.readValue(input, row), place, this.#writes);
    });
  }

  asyncKeys(): AsyncIterableIterator<UK> {
    return this.#mappedAsync({ keysOnly: !this.#table.expires }, this.#keyReader());
  }

  asyncValues(): AsyncIterableIterator<UV> {
    return this.#mappedAsync({}, (row, input) => this.#format.readValue(input, row));
  }

  #rows<R>(options: PrefixScanOptions, read: ReadRow<R>): IterableIterator<R> {
    this.#table.startKey();
    return new RowIterator(this.#table.scan(options), this.#table, read);
  }

  #keyReader(): (row: Entry) => UK {
    const prefixBytes = this.#table.rowPrefix().length;
    return (row) => this.#format.readKey(new DataInput(row.key.subarray(prefixBytes)), row);
  }

  #mappedAsync<R>(options: ScannedParts, read: ReadEntry<R>): AsyncIterableIterator<R> {
    const scan = this.#scanAsync(options);
    const table = this.#table;
    const settlements = new Settlements();
    return (async function* () {
      try {
        for await (const row of scan) {
          const input = table.valueInAsync(row, settlements.add);
          if (input !== undefined) {
            yield read(row, input);
          }
          if (settlements.isFull) {
            await settlements.all();
          }
        }
      } finally {
        await settlements.all();
      }
    })();
  }

  // The key is captured now; the scan begins when the requests made so far are carried out.
  #scanAsync(options: ScannedParts): AsyncIterable<Entry> {
    const { columnFamily, db, asyncRows } = this.#table;
    const prefix = this.#table.rowPrefix();
    const drained = asyncRows.drain();
    return (async function* () {
      await drained;
      yield* db.scan({ columnFamily, prefix, ...options });
    })();
  }

  #startRow(key: UK): void {
    this.#format.writeKey(key, this.#table.startKey());
  }

  #rowKey(key: UK): Uint8Array {
    this.#startRow(key);
    return this.#table.writtenKey();
  }

  /** Iterated over and serialized before anything is written, so that one that can't be written stops the whole. */
  #rowsOf(entries: Iterable<readonly [UK, UV]>): (readonly [key: Uint8Array, value: Uint8Array])[] {
    return givenEntries(this.#table.name, entries).map(([key, value]) => this.#row(key, value));
  }

  // What is too large is found before anything is written.
  #row(key: UK, value: UV): readonly [key: Uint8Array, value: Uint8Array] {
    const row = [this.#rowKey(key), this.#format.valueBytes(value)] as const;
    checkRow(row[0].length, row[1].length);
    return row;
  }

  #addRow(batch: WriteBatch, prefix: Uint8Array, entry: readonly [UK, UV]): void {
    const output = batch.startPut(this.#table.columnFamily);
    output.writeBytes(prefix);
    this.#format.writeKey(entry[0], output);
    batch.startValue();
    this.#table.startBytes(output);
    this.#format.writeValue(entry[1], output);
    batch.endPut();
  }
}
