// Values to bytes of their own, and back.
import type { TypeSerializer } from '../api/type-information.ts';
import { DataInput } from './data-input.ts';
import { DataOutput } from './data-output.ts';

const MOST_VALUES_FIT_BYTES = 64;

/** A value's bytes, as an array of its own. */
export function toSerialized<T>(value: T, serializer: TypeSerializer<T>): Uint8Array {
  const output = new DataOutput(new Uint8Array(MOST_VALUES_FIT_BYTES));
  serializer.serialize(value, output);
  return output.bytes.subarray(0, output.position);
}

/** The value that bytes hold. */
export function fromSerialized<T>(bytes: Uint8Array, serializer: TypeSerializer<T>): T {
  return serializer.deserialize(new DataInput(bytes));
}
