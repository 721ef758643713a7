// A row that holds one value: what value, reducing and aggregating state are made of.
import type { TypeSerializer } from '../api/type-information.ts';
import { SerializationError } from '../errors.ts';
import type { StateTable } from './state-table.ts';

export class ValueRow<K, N, T> {
  readonly #table: StateTable<K, N>;
  readonly #serializer: TypeSerializer<T>;

  constructor(table: StateTable<K, N>, serializer: TypeSerializer<T>) {
    this.#table = table;
    this.#serializer = serializer;
  }

  read(): T | undefined {
    this.#table.startKey();
    const input = this.#table.get();
    if (input === undefined) {
      return undefined;
    }
    try {
      return this.#serializer.deserialize(input);
    } catch (cause) {
      throw accessFailure(this.#table.name, 'read', cause);
    }
  }

  write(value: T): void {
    this.#table.startKey();
    const output = this.#table.startValue();
    try {
      this.#serializer.serialize(value, output);
    } catch (cause) {
      throw accessFailure(this.#table.name, 'written', cause);
    }
    this.#table.put();
  }

  remove(): void {
    this.#table.startKey();
    this.#table.remove();
  }

  /** Reads and removes; `undefined` when there was nothing. */
  take(): T | undefined {
    const value = this.read();
    if (value !== undefined) {
      this.remove();
    }
    return value;
  }
}

/** Names the state in a serializer's error. */
export function accessFailure(state: string, action: 'read' | 'written', cause: unknown): SerializationError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new SerializationError(`State '${state}' could not be ${action}: ${reason}`, { cause });
}
