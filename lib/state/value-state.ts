// Value state on RocksDB: one row per key and namespace.
import type { ValueState, ValueStateDescriptor } from '../api/state.ts';
import type { TypeSerializer } from '../api/type-information.ts';
import { SerializationError } from '../errors.ts';
import type { StateTable } from './state-table.ts';

export class RocksDBValueState<K, T> implements ValueState<T> {
  readonly #table: StateTable<K>;
  readonly #serializer: TypeSerializer<T>;

  constructor(table: StateTable<K>, descriptor: ValueStateDescriptor<T>) {
    this.#table = table;
    this.#serializer = descriptor.type.serializer;
  }

  value(): T | undefined {
    const input = this.#table.get();
    if (input === undefined) {
      return undefined;
    }
    try {
      return this.#serializer.deserialize(input);
    } catch (cause) {
      throw this.#failure('read', cause);
    }
  }

  update(value: T | undefined): void {
    if (value === undefined) {
      this.clear();
      return;
    }
    const output = this.#table.startValue();
    try {
      this.#serializer.serialize(value, output);
    } catch (cause) {
      throw this.#failure('written', cause);
    }
    this.#table.put();
  }

  clear(): void {
    this.#table.remove();
  }

  #failure(action: 'read' | 'written', cause: unknown): SerializationError {
    const reason = cause instanceof Error ? cause.message : String(cause);
    return new SerializationError(`State '${this.#table.name}' could not be ${action}: ${reason}`, { cause });
  }
}
