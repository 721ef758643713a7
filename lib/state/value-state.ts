// Value state on RocksDB: one row per key and namespace.
import type { ValueStateDescriptor } from '../api/descriptors.ts';
import type { NamespacedState, ValueState } from '../api/state.ts';
import type { DefaultValue } from '../bytes/default-value.ts';
import type { StateTable } from './state-table.ts';
import { ValueRow } from './value-row.ts';

export class RocksDBValueState<K, N, T> implements ValueState<T>, NamespacedState<N> {
  readonly #table: StateTable<K, N>;
  readonly #row: ValueRow<K, N, T>;
  readonly #default: DefaultValue<T>;

  constructor(table: StateTable<K, N>, descriptor: ValueStateDescriptor<T>, defaultValue: DefaultValue<T>) {
    this.#table = table;
    this.#row = new ValueRow(table, descriptor.type.serializer);
    this.#default = defaultValue;
  }

  setCurrentNamespace(namespace: N): void {
    this.#table.namespace = namespace;
  }

  value(): T | undefined {
    const value = this.#row.read();
    return value === undefined ? this.#default() : value;
  }

  update(value: T | undefined): void {
    if (value === undefined) {
      this.clear();
    } else {
      this.#row.write(value);
    }
  }

  clear(): void {
    this.#row.remove();
  }

  async asyncValue(): Promise<T | undefined> {
    const value = await this.#row.asyncRead();
    return value === undefined ? this.#default() : value;
  }

  async asyncUpdate(value: T | undefined): Promise<void> {
    return value === undefined ? this.#row.asyncRemove() : this.#row.asyncWrite(value);
  }

  async asyncClear(): Promise<void> {
    return this.#row.asyncRemove();
  }
}
