// Aggregating state in memory: a row holds the accumulator.
import type { AggregatingStateDescriptor } from '../api/descriptors.ts';
import type { AggregateFunction } from '../api/functions.ts';
import type { AggregatingState, MergingState, NamespacedState } from '../api/state.ts';
import type { TypeSerializer } from '../api/type-information.ts';
import type { ValueTable } from './heap-state-table.ts';
import { mergeRows } from './merge-rows.ts';

export class HeapAggregatingState<N, IN, ACC, OUT>
  implements AggregatingState<IN, OUT>, NamespacedState<N>, MergingState<N>
{
  readonly #table: ValueTable<N, ACC>;
  readonly #serializer: TypeSerializer<ACC>;
  readonly #aggregate: AggregateFunction<IN, ACC, OUT>;

  constructor(table: ValueTable<N, ACC>, descriptor: AggregatingStateDescriptor<IN, ACC, OUT>) {
    this.#serializer = descriptor.accumulatorType.serializer;
    this.#table = table;
    this.#aggregate = descriptor.aggregate;
  }

  setCurrentNamespace(namespace: N): void {
    this.#table.namespace = namespace;
  }

  get(): OUT | undefined {
    const accumulator = this.#table.own(this.#table.passingRow());
    return accumulator === undefined ? undefined : this.#aggregate.getResult(accumulator);
  }

  add(value: IN): void {
    this.#table.checkWritable();
    this.#add(value);
  }

  mergeNamespaces(target: N, sources: Iterable<N>): void {
    this.#table.checkWritable();
    mergeRows(this.#table, {
      target,
      sources,
      merge: (first, second) => this.#aggregate.merge(first, second),
      check: (accumulator) => this.#check(accumulator),
    });
  }

  clear(): void {
    this.#table.checkWritable();
    this.#table.remove(this.#table.row());
  }

  async asyncGet(): Promise<OUT | undefined> {
    return this.get();
  }

  async asyncAdd(value: IN): Promise<void> {
    this.#add(value);
  }

  async asyncClear(): Promise<void> {
    this.#table.remove(this.#table.row());
  }

  #add(value: IN): void {
    const before = this.#table.ownForUpdate(this.#table.passingRow());
    const accumulator = this.#aggregate.add(value, before === undefined ? this.#aggregate.createAccumulator() : before);
    this.#check(accumulator);
    this.#table.put(this.#table.passingRow(), accumulator);
  }

  #check(accumulator: ACC): void {
    this.#table.check(accumulator, this.#serializer);
  }
}
