// Aggregating state on RocksDB: one row per key and namespace, with the accumulator.
import type { AggregatingStateDescriptor } from '../api/descriptors.ts';
import type { AggregateFunction } from '../api/functions.ts';
import type { AggregatingState, MergingState, NamespacedState } from '../api/state.ts';
import { mergeRows } from './merge-rows.ts';
import type { StateTable } from './state-table.ts';
import { ValueRow } from './value-row.ts';

export class RocksDBAggregatingState<K, N, IN, ACC, OUT>
  implements AggregatingState<IN, OUT>, NamespacedState<N>, MergingState<N>
{
  readonly #table: StateTable<K, N>;
  readonly #row: ValueRow<K, N, ACC>;
  readonly #aggregate: AggregateFunction<IN, ACC, OUT>;

  constructor(table: StateTable<K, N>, descriptor: AggregatingStateDescriptor<IN, ACC, OUT>) {
    this.#table = table;
    this.#row = new ValueRow(table, descriptor.accumulatorType.serializer);
    this.#aggregate = descriptor.aggregate;
  }

  setCurrentNamespace(namespace: N): void {
    this.#table.namespace = namespace;
  }

  get(): OUT | undefined {
    return this.#result(this.#row.read());
  }

  add(value: IN): void {
    this.#table.checkWritable();
    this.#row.write(this.#added(this.#row.readForUpdate(), value));
  }

  mergeNamespaces(target: N, sources: Iterable<N>): void {
    mergeRows(this.#table, this.#row, {
      target,
      sources,
      merge: (first, second) => this.#aggregate.merge(first, second),
    });
  }

  clear(): void {
    this.#row.remove();
  }

  async asyncGet(): Promise<OUT | undefined> {
    return this.#result(await this.#row.asyncRead());
  }

  async asyncAdd(value: IN): Promise<void> {
    return this.#row.asyncUpdate((accumulator) => this.#added(accumulator, value));
  }

  async asyncClear(): Promise<void> {
    return this.#row.asyncRemove();
  }

  #result(accumulator: ACC | undefined): OUT | undefined {
    return accumulator === undefined ? undefined : this.#aggregate.getResult(accumulator);
  }

  #added(accumulator: ACC | undefined, value: IN): ACC {
    return this.#aggregate.add(value, accumulator === undefined ? this.#aggregate.createAccumulator() : accumulator);
  }
}
