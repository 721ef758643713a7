// A descriptor's default value, given out as copies so that nobody changes another's.
import type { ValueStateDescriptor } from '../api/descriptors.ts';
import { DataInput } from '../bytes/data-input.ts';
import { DataOutput } from '../bytes/data-output.ts';

/** Makes a fresh copy of the default value. */
export type DefaultValue<T> = () => T | undefined;

/** @throws SerializationError when the type can't hold the default value. */
export function defaultValueOf<T>(descriptor: ValueStateDescriptor<T>): DefaultValue<T> {
  const { defaultValue } = descriptor;
  const { serializer } = descriptor.type;
  if (defaultValue === undefined) {
    return () => undefined;
  }
  const output = new DataOutput();
  serializer.serialize(defaultValue, output);
  const bytes = output.copy();
  return () => serializer.deserialize(new DataInput(bytes));
}
