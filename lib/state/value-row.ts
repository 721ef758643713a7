// A row that holds one value: what value, reducing and aggregating state are made of.
import type { TypeSerializer } from '../api/type-information.ts';
import { DataInput } from '../bytes/data-input.ts';
import { toSerialized } from '../bytes/serialized.ts';
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
      throw this.#table.failure({ action: 'written', given: ['value', value], cause });
    }
    this.#table.put();
  }

  remove(): void {
    this.#table.startKey();
    this.#table.remove();
  }

  asyncRead(): Promise<T | undefined> {
    const key = this.#table.rowPrefix();
    return this.#table.asyncRows.read(key, (bytes) => this.#fromBytes(bytes, key));
  }

  asyncWrite(value: T): Promise<void> {
    const key = this.#table.rowPrefix();
    return this.#table.asyncRows.put(key, this.#toBytes(value, key));
  }

  asyncUpdate(change: (value: T | undefined) => T): Promise<void> {
    const key = this.#table.rowPrefix();
    return this.#table.asyncRows.update(key, (bytes) => this.#toBytes(change(this.#fromBytes(bytes, key)), key));
  }

  asyncRemove(): Promise<void> {
    return this.#table.asyncRows.remove(this.#table.rowPrefix());
  }

  // Asynchronous calls work on a row whose key need not be the current one any more.
  #deserialize(input: DataInput, key?: Uint8Array): T {
    try {
      return this.#serializer.deserialize(input);
    } catch (cause) {
      throw this.#table.failure({ action: 'read', cause }, key);
    }
  }

  #fromBytes(bytes: Uint8Array | undefined, key: Uint8Array): T | undefined {
    return bytes === undefined ? undefined : this.#deserialize(new DataInput(bytes), key);
  }

  #toBytes(value: T, key: Uint8Array): Uint8Array {
    try {
      return toSerialized(value, this.#serializer);
    } catch (cause) {
      throw this.#table.failure({ action: 'written', given: ['value', value], cause }, key);
    }
  }
}
