// Value state in memory.
import type { ValueStateDescriptor } from '../api/descriptors.ts';
import type { NamespacedState, ValueState } from '../api/state.ts';
import type { TypeSerializer } from '../api/type-information.ts';
import { type DefaultValue, defaultValueOf } from '../bytes/default-value.ts';
import type { ValueTable } from './heap-state-table.ts';

export class HeapValueState<N, T> implements ValueState<T>, NamespacedState<N> {
  readonly #table: ValueTable<N, T>;
  readonly #serializer: TypeSerializer<T>;
  readonly #default: DefaultValue<T>;

  /** @throws SerializationError when the type can't hold the default value. */
  constructor(table: ValueTable<N, T>, descriptor: ValueStateDescriptor<T>) {
    this.#serializer = descriptor.type.serializer;
    this.#default = defaultValueOf(descriptor);
    this.#table = table;
  }

  setCurrentNamespace(namespace: N): void {
    this.#table.namespace = namespace;
  }

  value(): T | undefined {
    const value = this.#table.own(this.#table.passingRow());
    return value === undefined ? this.#default() : value;
  }

  update(value: T | undefined): void {
    this.#table.checkWritable();
    this.#update(value);
  }

  clear(): void {
    this.update(undefined);
  }

  async asyncValue(): Promise<T | undefined> {
    return this.value();
  }

  async asyncUpdate(value: T | undefined): Promise<void> {
    this.#update(value);
  }

  async asyncClear(): Promise<void> {
    this.#update(undefined);
  }

  #update(value: T | undefined): void {
    if (value === undefined) {
      this.#table.remove(this.#table.passingRow());
      return;
    }
    this.#table.check(value, this.#serializer);
    this.#table.put(this.#table.passingRow(), value);
  }
}
