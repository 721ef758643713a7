// Reducing state in memory: a row holds the values reduced so far.
import type { ReducingStateDescriptor } from '../api/descriptors.ts';
import type { ReduceFunction } from '../api/functions.ts';
import type { MergingState, NamespacedState, ReducingState } from '../api/state.ts';
import type { TypeSerializer } from '../api/type-information.ts';
import type { ValueTable } from './heap-state-table.ts';
import { mergeRows } from './merge-rows.ts';

export class HeapReducingState<N, T> implements ReducingState<T>, NamespacedState<N>, MergingState<N> {
  readonly #table: ValueTable<N, T>;
  readonly #serializer: TypeSerializer<T>;
  readonly #reduce: ReduceFunction<T>;

  constructor(table: ValueTable<N, T>, descriptor: ReducingStateDescriptor<T>) {
    this.#serializer = descriptor.type.serializer;
    this.#table = table;
    this.#reduce = descriptor.reduce;
  }

  setCurrentNamespace(namespace: N): void {
    this.#table.namespace = namespace;
  }

  get(): T | undefined {
    return this.#table.own(this.#table.passingRow());
  }

  add(value: T): void {
    this.#table.checkWritable();
    this.#add(value);
  }

  mergeNamespaces(target: N, sources: Iterable<N>): void {
    this.#table.checkWritable();
    mergeRows(this.#table, { target, sources, merge: this.#reduce, check: (value) => this.#check(value) });
  }

  clear(): void {
    this.#table.checkWritable();
    this.#table.remove(this.#table.row());
  }

  async asyncGet(): Promise<T | undefined> {
    return this.get();
  }

  async asyncAdd(value: T): Promise<void> {
    this.#add(value);
  }

  async asyncClear(): Promise<void> {
    this.#table.remove(this.#table.row());
  }

  #add(value: T): void {
    const before = this.#table.ownForUpdate(this.#table.passingRow());
    const reduced = before === undefined ? value : this.#reduce(before, value);
    this.#check(reduced);
    this.#table.put(this.#table.passingRow(), reduced);
  }

  #check(value: T): void {
    this.#table.check(value, this.#serializer);
  }
}
