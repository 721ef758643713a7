// What is behind the key and namespace in a map's rows: the user key, and as value a flag byte, 1 for null, and the
// serialized value. With a time to live the flag is behind us already, and null is what the type makes of it.
import type { MapStateDescriptor } from '../api/descriptors.ts';
import type { TypeSerializer } from '../api/type-information.ts';
import type { DataInput } from '../bytes/data-input.ts';
import { DataOutput } from '../bytes/data-output.ts';
import type { StateTable } from './state-table.ts';

const NOT_NULL = 0;
const NULL = 1;

/** A row, by its whole key. */
export interface KeyedRow {
  readonly key: Uint8Array;
}

export class MapFormat<K, N, UK, UV> {
  readonly #table: StateTable<K, N>;
  readonly #hasFlag: boolean;
  readonly #keySerializer: TypeSerializer<UK>;
  readonly #valueSerializer: TypeSerializer<UV>;

  constructor(table: StateTable<K, N>, { keyType, valueType }: MapStateDescriptor<UK, UV>) {
    this.#table = table;
    this.#hasFlag = !table.expires;
    this.#keySerializer = keyType.serializer;
    this.#valueSerializer = valueType.serializer;
  }

  writeKey(key: UK, output: DataOutput): void {
    try {
      this.#keySerializer.serialize(key, output);
    } catch (cause) {
      throw this.#table.failure({ action: 'accessed', given: ['map key', key], cause });
    }
  }

  /** @param row - the whole key, where that is not of the current key. */
  writeValue(value: UV, output: DataOutput, row?: Uint8Array): void {
    if (this.#hasFlag) {
      output.writeByte(value === null ? NULL : NOT_NULL);
    }
    const end = output.position;
    try {
      this.#valueSerializer.serialize(value, output);
    } catch (cause) {
      throw this.#table.failure({ action: 'written', given: ['value', value], cause }, row);
    }
    if (this.#hasFlag && value === null) {
      // The type can hold null, but the flag alone says it, as in Flink.
      output.position = end;
    }
  }

  /** A row's value, as an array of its own. */
  valueBytes(value: UV, row?: Uint8Array): Uint8Array {
    const output = new DataOutput();
    this.#table.startBytes(output);
    this.writeValue(value, output, row);
    return output.copy();
  }

  readKey(input: DataInput, row: KeyedRow): UK {
    try {
      return this.#keySerializer.deserialize(input);
    } catch (cause) {
      throw this.#table.failure({ action: 'read', cause }, row.key);
    }
  }

  readValue(input: DataInput, row?: KeyedRow): UV {
    try {
      const isNull = this.#hasFlag && input.readByte() === NULL;
      return isNull ? (null as UV) : this.#valueSerializer.deserialize(input);
    } catch (cause) {
      throw this.#table.failure({ action: 'read', cause }, row?.key);
    }
  }
}
