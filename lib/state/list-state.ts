// List state on RocksDB: one row per key and namespace. Adding is a merge, without a read.
import type { ListStateDescriptor } from '../api/descriptors.ts';
import type { ListState, MergingState, NamespacedState } from '../api/state.ts';
import type { TypeSerializer } from '../api/type-information.ts';
import { readElements, writeElements } from '../bytes/list-elements.ts';
import { describe, typeError } from '../errors.ts';
import type { StateTable } from './state-table.ts';
import { accessFailure } from './value-row.ts';

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
    const input = this.#table.get();
    if (input === undefined) {
      return [];
    }
    try {
      return readElements(input, this.#serializer);
    } catch (cause) {
      throw accessFailure(this.#table.name, 'read', cause);
    }
  }

  [Symbol.iterator](): Iterator<T> {
    return this.get()[Symbol.iterator]();
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
    for (const source of sources) {
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

  #write(values: Iterable<T>): number {
    if (typeof values?.[Symbol.iterator] !== 'function') {
      throw typeError(
        'ERR_INVALID_LIST',
        `The values for list state '${this.#table.name}' must be iterable; received ${describe(values)}.`,
      );
    }
    // An iterable may read state itself, which would overwrite what is in the buffer.
    const items = [...values];
    this.#table.startKey();
    const output = this.#table.startValue();
    try {
      return writeElements(items, this.#serializer, output);
    } catch (cause) {
      throw accessFailure(this.#table.name, 'written', cause);
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
