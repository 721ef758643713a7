// List state on RocksDB: one row per key and namespace. Adding is a merge, without a read.
import type { ListState, MergingState, NamespacedState } from '../api/state.ts';
import type { TypeSerializer } from '../api/type-information.ts';
import type { NativeValue } from '../binding/surface.ts';
import { DataInput } from '../bytes/data-input.ts';
import { DataOutput } from '../bytes/data-output.ts';
import { givenElements } from '../bytes/given-items.ts';
import { checkRow } from '../bytes/limits.ts';
import { readElements, writeElement, writeElements } from '../bytes/list-elements.ts';
import { RocksDBError, SerializationError } from '../errors.ts';
import { WriteBatch } from '../rocksdb/write-batch.ts';
import type { ListRemoval, LookedAt } from '../ttl/looked-at-list.ts';
import { elementsOf } from './list-pages.ts';
import type { Row } from './row-change.ts';
import type { StateTable } from './state-table.ts';

export class RocksDBListState<K, N, T> implements ListState<T>, NamespacedState<N>, MergingState<N> {
  readonly #table: StateTable<K, N>;
  readonly #serializer: TypeSerializer<T>;

  /** @param serializer - of elements. */
  constructor(table: StateTable<K, N>, serializer: TypeSerializer<T>) {
    this.#table = table;
    this.#serializer = serializer;
  }

  get name(): string {
    return this.#table.name;
  }

  /** Whether no snapshot is being captured. */
  get isWritable(): boolean {
    return this.#table.isWritable;
  }

  setCurrentNamespace(namespace: N): void {
    this.#table.namespace = namespace;
  }

  get(): T[] {
    this.#table.startKey();
    return this.#elements(this.#table.get());
  }

  [Symbol.iterator](): IterableIterator<T> {
    const key = this.#table.rowPrefix();
    const value = this.#table.openValue();
    return value === undefined ? [][Symbol.iterator]() : this.#elementsOf(value, key);
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<T> {
    const key = this.#table.rowPrefix();
    const drained = this.#table.asyncRows.drain();
    const open = async () => {
      await drained;
      return this.#table.openValueAsync(key);
    };
    const elementsOf = (value: NativeValue) => this.#elementsOf(value, key);
    return (async function* () {
      const value = await open();
      if (value !== undefined) {
        yield* elementsOf(value);
      }
    })();
  }

  add(value: T): void {
    this.#table.startKey();
    const output = this.#table.startValue();
    try {
      writeElement(value, this.#serializer, output);
    } catch (cause) {
      throw this.#table.failure({ action: 'written', given: ['value', value], cause });
    }
    this.#table.merge();
  }

  addAll(values: Iterable<T>): void {
    if (this.#write(values) > 0) {
      this.#table.merge();
    }
  }

  update(values: Iterable<T>): void {
    if (this.#write(values) > 0) {
      this.#table.put();
    } else {
      this.clear();
    }
  }

  mergeNamespaces(target: N, sources: Iterable<N>): void {
    this.#table.checkWritable();
    const namespaces = [...sources];
    // A namespace that is none is found before anything is moved.
    for (const namespace of [target, ...namespaces]) {
      this.#table.within(namespace, () => this.#table.startKey());
    }
    for (const source of namespaces) {
      const bytes = this.#table.within(source, () => this.#take());
      if (bytes !== undefined) {
        this.#table.within(target, () => this.#append(bytes));
      }
    }
  }

  clear(): void {
    this.#table.startKey();
    this.#table.remove();
  }

  async asyncGet(): Promise<T[]> {
    const key = this.#table.rowPrefix();
    return this.#table.asyncRows.read(key, (input) => this.#elements(input, key));
  }

  async asyncAdd(value: T): Promise<void> {
    return this.asyncAddAll([value]);
  }

  async asyncAddAll(values: Iterable<T>): Promise<void> {
    const key = this.#table.rowPrefix();
    const bytes = this.#toBytes(values);
    return bytes === undefined ? undefined : this.#table.asyncRows.append(key, bytes);
  }

  async asyncUpdate(values: Iterable<T>): Promise<void> {
    const key = this.#table.rowPrefix();
    const bytes = this.#toBytes(values);
    return bytes === undefined ? this.#table.asyncRows.remove(key) : this.#table.asyncRows.put(key, bytes);
  }

  async asyncClear(): Promise<void> {
    return this.#table.asyncRows.remove(this.#table.rowPrefix());
  }

  /** Reads the list of the current key and replaces it by what `look` says, with nothing in between. */
  async asyncExchange<R>(look: (elements: T[]) => LookedAt<T, R>): Promise<R> {
    const key = this.#table.rowPrefix();
    return this.#table.asyncRows.visit(key, (row) => {
      const { result, replacement } = look(this.#elements(row.value && new DataInput(row.value), key));
      if (replacement !== undefined) {
        this.#replace(row, key, replacement);
      }
      return result;
    });
  }

  /** Removes the list of what is the current key now, at any time after, when all of its elements are obsolete by then. */
  removal(): ListRemoval<T> {
    const key = this.#table.rowPrefix();
    const { asyncRows, columnFamily, db } = this.#table;
    return {
      now: (isObsolete) => {
        const value = this.isWritable ? db.calls.openValueAside(columnFamily.number, key) : undefined;
        if (value !== undefined && every(this.#elementsOf(value, key), isObsolete)) {
          db.write(new WriteBatch().delete(columnFamily, key));
        }
      },
      later: (isObsolete) =>
        asyncRows
          .visit(key, (row) => {
            if (this.#elements(row.value && new DataInput(row.value), key).every(isObsolete)) {
              row.remove();
            }
          })
          .catch(ignoreTooLarge),
    };
  }

  #replace(row: Row, key: Uint8Array, elements: readonly T[]): void {
    if (elements.length === 0) {
      row.remove();
      return;
    }
    const output = new DataOutput();
    this.#writeTo(output, elements);
    checkRow(key.length, output.position);
    row.put(output.copy());
  }

  *#elementsOf(value: NativeValue, key: Uint8Array): Generator<T, void, void> {
    try {
      yield* elementsOf(value, this.#serializer);
    } catch (cause) {
      throw cause instanceof SerializationError ? this.#table.failure({ action: 'read', cause }, key) : cause;
    }
  }

  // Asynchronous calls work on a row whose key need not be the current one any more.
  #elements(input: DataInput | undefined, key?: Uint8Array): T[] {
    try {
      return input === undefined ? [] : readElements(input, this.#serializer);
    } catch (cause) {
      throw this.#table.failure({ action: 'read', cause }, key);
    }
  }

  // Answers the number of elements, which are then between the key and the output's position.
  #write(values: Iterable<T>): number {
    // An iterable may read state itself, which would overwrite what is in the buffer.
    const items = givenElements(this.#table.name, values);
    this.#table.startKey();
    return this.#writeTo(this.#table.startValue(), items);
  }

  #toBytes(values: Iterable<T>): Uint8Array | undefined {
    const output = new DataOutput();
    return this.#writeTo(output, givenElements(this.#table.name, values)) === 0 ? undefined : output.copy();
  }

  #writeTo(output: DataOutput, items: readonly T[]): number {
    try {
      return writeElements(items, this.#serializer, output);
    } catch (cause) {
      throw this.#table.failure({ action: 'written', given: ['value', items.length === 1 ? items[0] : items], cause });
    }
  }

  #take(): Uint8Array | undefined {
    this.#table.startKey();
    const input = this.#table.get();
    const bytes = input?.readBytes(input.remaining);
    if (bytes !== undefined) {
      this.clear();
    }
    return bytes;
  }

  #append(bytes: Uint8Array): void {
    this.#table.startKey();
    this.#table.startValue().writeBytes(bytes);
    this.#table.merge();
  }
}

// Leaving early closes what is read.
function every<T>(elements: Iterable<T>, test: (element: T) => boolean): boolean {
  for (const element of elements) {
    if (!test(element)) {
      return false;
    }
  }
  return true;
}

// A list that can only be iterated stays.
function ignoreTooLarge(error: unknown): void {
  if (!(error instanceof RocksDBError && error.code === 'ERR_ROCKSDB_TOO_LARGE')) {
    throw error;
  }
}
