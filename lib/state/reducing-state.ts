// Reducing state on RocksDB: one row per key and namespace, with the values reduced so far.
import type { ReducingStateDescriptor } from '../api/descriptors.ts';
import type { ReduceFunction } from '../api/functions.ts';
import type { MergingState, NamespacedState, ReducingState } from '../api/state.ts';
import { mergeRows } from './merge-rows.ts';
import type { StateTable } from './state-table.ts';
import { ValueRow } from './value-row.ts';

export class RocksDBReducingState<K, N, T> implements ReducingState<T>, NamespacedState<N>, MergingState<N> {
  readonly #table: StateTable<K, N>;
  readonly #row: ValueRow<K, N, T>;
  readonly #reduce: ReduceFunction<T>;

  constructor(table: StateTable<K, N>, descriptor: ReducingStateDescriptor<T>) {
    this.#table = table;
    this.#row = new ValueRow(table, descriptor.type.serializer);
    this.#reduce = descriptor.reduce;
  }

  setCurrentNamespace(namespace: N): void {
    this.#table.namespace = namespace;
  }

  get(): T | undefined {
    return this.#row.read();
  }

  add(value: T): void {
    this.#table.checkWritable();
    const before = this.#row.readForUpdate();
    this.#row.write(before === undefined ? value : this.#reduce(before, value));
  }

  mergeNamespaces(target: N, sources: Iterable<N>): void {
    mergeRows(this.#table, this.#row, { target, sources, merge: this.#reduce });
  }

  clear(): void {
    this.#row.remove();
  }

  async asyncGet(): Promise<T | undefined> {
    return this.#row.asyncRead();
  }

  async asyncAdd(value: T): Promise<void> {
    return this.#row.asyncUpdate((before) => (before === undefined ? value : this.#reduce(before, value)));
  }

  async asyncClear(): Promise<void> {
    return this.#row.asyncRemove();
  }
}
