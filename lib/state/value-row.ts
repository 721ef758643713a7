// A row that holds one value: what value, reducing and aggregating state are made of.
import type { TypeSerializer } from '../api/type-information.ts';
import { DataInput } from '../bytes/data-input.ts';
import { toSerialized } from '../bytes/serialized.ts';
import { RocksDBError, SerializationError } from '../errors.ts';
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
    return input === undefined ? undefined : this.#deserialize(input);
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

  asyncRead(): Promise<T | undefined> {
    return this.#table.asyncRows.read(this.#table.rowPrefix(), (bytes) => this.#fromBytes(bytes));
  }

  asyncWrite(value: T): Promise<void> {
    return this.#table.asyncRows.put(this.#table.rowPrefix(), this.#toBytes(value));
  }

  asyncUpdate(change: (value: T | undefined) => T): Promise<void> {
    return this.#table.asyncRows.update(this.#table.rowPrefix(), (bytes) =>
      this.#toBytes(change(this.#fromBytes(bytes))),
    );
  }

  asyncRemove(): Promise<void> {
    return this.#table.asyncRows.remove(this.#table.rowPrefix());
  }

  #deserialize(input: DataInput): T {
    try {
      return this.#serializer.deserialize(input);
    } catch (cause) {
      throw accessFailure(this.#table.name, 'read', cause);
    }
  }

  #fromBytes(bytes: Uint8Array | undefined): T | undefined {
    return bytes === undefined ? undefined : this.#deserialize(new DataInput(bytes));
  }

  #toBytes(value: T): Uint8Array {
    try {
      return toSerialized(value, this.#serializer);
    } catch (cause) {
      throw accessFailure(this.#table.name, 'written', cause);
    }
  }
}

/** Names the state in a serializer's error. What is too large for any buffer is no fault of the serializer's. */
export function accessFailure(
  state: string,
  action: 'read' | 'written',
  cause: unknown,
): SerializationError | RocksDBError {
  if (cause instanceof RocksDBError) {
    return cause;
  }
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new SerializationError(`State '${state}' could not be ${action}: ${reason}`, { cause });
}
