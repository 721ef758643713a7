// Map state on RocksDB: one row per entry, the user key at the row key's end. A row's value is a flag byte, 1 for null,
// and the serialized value; with a time to live, the flag is behind us already, and null is what the type makes of it.
import type { MapStateDescriptor } from '../api/descriptors.ts';
import type { MapState, MapStateEntry, NamespacedState } from '../api/state.ts';
import type { TypeSerializer } from '../api/type-information.ts';
import { DataInput } from '../bytes/data-input.ts';
import { DataOutput } from '../bytes/data-output.ts';
import { givenEntries } from '../bytes/given-items.ts';
import { checkRow } from '../bytes/limits.ts';
import { StateAccessError } from '../errors.ts';
import type { Entry, Scan } from '../rocksdb/scan.ts';
import { WriteBatch } from '../rocksdb/write-batch.ts';
import { Settlements } from './settlements.ts';
import type { StateTable } from './state-table.ts';

const NOT_NULL = 0;
const NULL = 1;
// As in Flink's batches of map states: a batch is written when it has so many entries.
const BATCH_ENTRIES = 500;

/** What of the rows is read. */
interface ScannedParts {
  readonly keysOnly?: boolean;
}

/** Reads a row, whose value is that of `input`. */
type ReadRow<R> = (row: Entry, input: DataInput) => R;

export class RocksDBMapState<K, N, UK, UV> implements MapState<UK, UV>, NamespacedState<N> {
  readonly #table: StateTable<K, N>;
  readonly #keySerializer: TypeSerializer<UK>;
  readonly #valueSerializer: TypeSerializer<UV>;

  constructor(table: StateTable<K, N>, descriptor: MapStateDescriptor<UK, UV>) {
    this.#table = table;
    this.#keySerializer = descriptor.keyType.serializer;
    this.#valueSerializer = descriptor.valueType.serializer;
  }

  setCurrentNamespace(namespace: N): void {
    this.#table.namespace = namespace;
  }

  get(key: UK): UV | undefined {
    this.#startRow(key);
    const input = this.#table.get();
    return input === undefined ? undefined : this.#readValue(input);
  }

  contains(key: UK): boolean {
    this.#startRow(key);
    return this.#table.get() !== undefined;
  }

  put(key: UK, value: UV): void {
    this.#startRow(key);
    this.#writeValue(value, this.#table.startValue());
    this.#table.put();
  }

  remove(key: UK): void {
    this.#startRow(key);
    this.#table.remove();
  }

  putAll(entries: Iterable<readonly [UK, UV]>): void {
    this.#table.checkWritable();
    const rows = this.#rowsOf(entries);
    this.#inBatches(rows, (batch, [key, value]) => {
      batch.put(this.#table.columnFamily, key, value);
    });
  }

  isEmpty(): boolean {
    for (const row of this.#scan({ keysOnly: !this.#table.expires })) {
      if (this.#table.shows(row)) {
        return false;
      }
    }
    return true;
  }

  clear(): void {
    this.#table.checkWritable();
    this.#inBatches(this.#scan({ keysOnly: true }), (batch, row) => {
      batch.delete(this.#table.columnFamily, row.key);
    });
  }

  entries(): IterableIterator<MapStateEntry<UK, UV>> {
    const prefixBytes = this.#table.rowPrefix().length;
    return this.#mapped({}, (row, input) => this.#entry(row, input, prefixBytes));
  }

  keys(): IterableIterator<UK> {
    const prefixBytes = this.#table.rowPrefix().length;
    return this.#mapped({ keysOnly: !this.#table.expires }, (row) => this.#readKey(row, prefixBytes));
  }

  values(): IterableIterator<UV> {
    return this.#mapped({}, (row, input) => this.#readValue(input, row.key));
  }

  [Symbol.iterator](): IterableIterator<MapStateEntry<UK, UV>> {
    return this.entries();
  }

  async asyncGet(key: UK): Promise<UV | undefined> {
    const row = this.#rowKey(key);
    return this.#table.asyncRows.read(row, (input) => (input === undefined ? undefined : this.#readValue(input, row)));
  }

  async asyncContains(key: UK): Promise<boolean> {
    return this.#table.asyncRows.read(this.#rowKey(key), (input) => input !== undefined);
  }

  async asyncPut(key: UK, value: UV): Promise<void> {
    return this.#table.asyncRows.put(this.#rowKey(key), this.#valueBytes(value));
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
    const prefixBytes = this.#table.rowPrefix().length;
    return this.#mappedAsync({}, (row, input) => this.#entry(row, input, prefixBytes));
  }

  asyncKeys(): AsyncIterableIterator<UK> {
    const prefixBytes = this.#table.rowPrefix().length;
    return this.#mappedAsync({ keysOnly: !this.#table.expires }, (row) => this.#readKey(row, prefixBytes));
  }

  asyncValues(): AsyncIterableIterator<UV> {
    return this.#mappedAsync({}, (row, input) => this.#readValue(input, row.key));
  }

  #mapped<R>(options: ScannedParts, read: ReadRow<R>): IterableIterator<R> {
    // The key is captured here, when the iterator is asked for, and not when it is first moved.
    const scan = this.#scan(options);
    const table = this.#table;
    return (function* () {
      for (const row of scan) {
        const input = table.valueIn(row);
        if (input !== undefined) {
          yield read(row, input);
        }
      }
    })();
  }

  #mappedAsync<R>(options: ScannedParts, read: ReadRow<R>): AsyncIterableIterator<R> {
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

  #scan(options: ScannedParts): Scan {
    const { columnFamily, db } = this.#table;
    return db.scan({ columnFamily, prefix: this.#table.rowPrefix(), ...options });
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

  #inBatches<T>(items: Iterable<T>, add: (batch: WriteBatch, item: T) => void): void {
    const batch = new WriteBatch();
    const limit = this.#table.writeBatchBytes;
    for (const item of items) {
      add(batch, item);
      if (batch.count >= BATCH_ENTRIES || (limit > 0 && batch.sizeBytes >= limit)) {
        this.#table.db.write(batch);
        batch.clear();
      }
    }
    if (batch.count > 0) {
      this.#table.db.write(batch);
    }
  }

  #entry(row: Entry, input: DataInput, prefixBytes: number): MapStateEntry<UK, UV> {
    const { columnFamily, db } = this.#table;
    const key = this.#readKey(row, prefixBytes);
    let value: UV | undefined = this.#readValue(input, row.key);
    let removed = false;
    return {
      key,
      get value() {
        return value;
      },
      setValue: (replacement) => {
        this.#table.checkWritable();
        if (removed) {
          throw new StateAccessError('ERR_ENTRY_REMOVED', 'The entry was removed; put its key again instead.');
        }
        db.write(new WriteBatch().put(columnFamily, row.key, this.#valueBytes(replacement, row.key)));
        value = replacement;
      },
      remove: () => {
        this.#table.checkWritable();
        db.write(new WriteBatch().delete(columnFamily, row.key));
        removed = true;
        value = undefined;
      },
    };
  }

  #startRow(key: UK): void {
    this.#writeKey(key, this.#table.startKey());
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
    const row = [this.#rowKey(key), this.#valueBytes(value)] as const;
    checkRow(row[0].length, row[1].length);
    return row;
  }

  #valueBytes(value: UV, row?: Uint8Array): Uint8Array {
    const output = new DataOutput();
    this.#table.startBytes(output);
    this.#writeValue(value, output, row);
    return output.copy();
  }

  #writeKey(key: UK, output: DataOutput): void {
    try {
      this.#keySerializer.serialize(key, output);
    } catch (cause) {
      throw this.#table.failure({ action: 'accessed', given: ['map key', key], cause });
    }
  }

  // An entry's row need not be of the current key.
  #writeValue(value: UV, output: DataOutput, row?: Uint8Array): void {
    const hasFlag = !this.#table.expires;
    if (hasFlag) {
      output.writeByte(value === null ? NULL : NOT_NULL);
    }
    const end = output.position;
    try {
      this.#valueSerializer.serialize(value, output);
    } catch (cause) {
      throw this.#table.failure({ action: 'written', given: ['value', value], cause }, row);
    }
    if (hasFlag && value === null) {
      // The type can hold null, but the flag alone says it, as in Flink.
      output.position = end;
    }
  }

  #readKey(row: Entry, prefixBytes: number): UK {
    try {
      return this.#keySerializer.deserialize(new DataInput(row.key.subarray(prefixBytes)));
    } catch (cause) {
      throw this.#table.failure({ action: 'read', cause }, row.key);
    }
  }

  #readValue(input: DataInput, row?: Uint8Array): UV {
    try {
      const isNull = !this.#table.expires && input.readByte() === NULL;
      return isNull ? (null as UV) : this.#valueSerializer.deserialize(input);
    } catch (cause) {
      throw this.#table.failure({ action: 'read', cause }, row);
    }
  }
}
