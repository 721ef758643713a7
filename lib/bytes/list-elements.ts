// The bytes of a list state's row: elements one after another, a delimiter byte between them.
import type { TypeSerializer } from '../api/type-information.ts';
import { SerializationError } from '../errors.ts';
import type { DataInput } from './data-input.ts';
import type { DataOutput } from './data-output.ts';
import { at } from './nested.ts';
import { writeRun } from './number-runs.ts';
import { TtlValue } from './ttl-value.ts';

/** What RocksDB's merge puts between operands. Readers skip it without looking. */
export const LIST_DELIMITER = 0x2c;

/** Writes one element. */
export function writeElement<T>(value: T, serializer: TypeSerializer<T>, output: DataOutput): void {
  const plain = value instanceof TtlValue ? value.value : value;
  if (plain === undefined || plain === null) {
    throw new SerializationError(`A list can not hold ${plain}.`);
  }
  serializer.serialize(value, output);
}

/** Writes elements joined by the delimiter; answers how many there were. */
export function writeElements<T>(values: readonly T[], serializer: TypeSerializer<T>, output: DataOutput): number {
  let index = writeRun(values, LIST_DELIMITER, serializer, output);
  try {
    for (; index < values.length; index++) {
      if (index > 0) {
        output.writeByte(LIST_DELIMITER);
      }
      writeElement(values[index] as T, serializer, output);
    }
  } catch (error) {
    throw values.length > 1 ? at(`[${index}]`, error) : error;
  }
  return values.length;
}

/** Reads elements until the end. */
export function readElements<T>(input: DataInput, serializer: Pick<TypeSerializer<T>, 'deserialize'>): T[] {
  const values: T[] = [];
  while (input.remaining > 0) {
    values.push(serializer.deserialize(input));
    if (input.remaining > 0) {
      input.readByte();
    }
  }
  return values;
}
