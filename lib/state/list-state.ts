// List state on RocksDB: one row per key and namespace. Adding is a merge, without a read.
import type { ListStateDescriptor } from '../api/descriptors.ts';
import type { ListState, MergingState, NamespacedState } from '../api/state.ts';
import type { TypeSerializer } from '../api/type-information.ts';
import type { NativeValue } from '../binding/surface.ts';
import { DataInput } from '../bytes/data-input.ts';
import { DataOutput } from '../bytes/data-output.ts';
import { givenElements } from '../bytes/given-items.ts';
import { readElements, writeElements } from '../bytes/list-elements.ts';
import { SerializationError } from '../errors.ts';
import { elementsOf } from './list-pages.ts';
import type { StateTable } from './state-table.ts';

export class RocksDBListState<K, N, T> implements ListState<T>, NamespacedState<N>, MergingState<N> {
  readonly #table: StateTable<K, N>;
  readonly #serializer: TypeSerializer<T>;

  constructor(table: StateTable<K, N>, descriptor: ListStateDescriptor<T>) {
    this.#table = table;
    this.#serializer = descriptor.elementType.serializer;
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
    this.addAll([value]);
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
    return this.#table.asyncRows.read(key, (bytes) =>
      this.#elements(bytes === undefined ? undefined : new DataInput(bytes), key),
    );
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
