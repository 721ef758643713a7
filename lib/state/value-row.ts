// A row that holds one value: what value, reducing and aggregating state are made of.
import type { TypeSerializer } from '../api/type-information.ts';
import type { DataInput } from '../bytes/data-input.ts';
import { DataOutput } from '../bytes/data-output.ts';
import type { StateTable } from './state-table.ts';

const MOST_VALUES_FIT_BYTES = 64;

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

  /** As {@link read}, for who is going to write the row: what has expired is none. */
  readForUpdate(): T | undefined {
    this.#table.startKey();
    const input = this.#table.getForUpdate();
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
    return this.#table.asyncRows.read(key, (input) => this.#valueOf(input, key));
  }

  asyncWrite(value: T): Promise<void> {
    const key = this.#table.rowPrefix();
    return this.#table.asyncRows.put(key, this.#toBytes(value, key));
  }

  asyncUpdate(change: (value: T | undefined) => T): Promise<void> {
    const key = this.#table.rowPrefix();
    return this.#table.asyncRows.update(key, (input) => this.#toBytes(change(this.#valueOf(input, key)), key));
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

  #valueOf(input: DataInput | undefined, key: Uint8Array): T | undefined {
    return input === undefined ? undefined : this.#deserialize(input, key);
  }

  #toBytes(value: T, key: Uint8Array): Uint8Array {
    const output = new DataOutput(new Uint8Array(MOST_VALUES_FIT_BYTES));
    this.#table.startBytes(output);
    try {
      this.#serializer.serialize(value, output);
      return output.bytes.subarray(0, output.position);
    } catch (cause) {
      throw this.#table.failure({ action: 'written', given: ['value', value], cause }, key);
    }
  }
}
