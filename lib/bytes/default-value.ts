// A descriptor's default value, given out as copies so that nobody changes another's.
import type { ValueStateDescriptor } from '../api/descriptors.ts';
import { SerializationError } from '../errors.ts';
import { preview } from './preview.ts';
import { fromSerialized, toSerialized } from './serialized.ts';

/** Makes a fresh copy of the default value. */
export type DefaultValue<T> = () => T | undefined;

/** @throws SerializationError when the type can't hold the default value. */
export function defaultValueOf<T>({ name, type, defaultValue }: ValueStateDescriptor<T>): DefaultValue<T> {
  if (defaultValue === undefined) {
    return () => undefined;
  }
  const { serializer } = type;
  let bytes: Uint8Array;
  try {
    bytes = toSerialized(defaultValue, serializer);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const value = preview(defaultValue);
    throw new SerializationError(`State '${name}' can not have the default value ${value}: ${reason}`, { cause });
  }
  return () => fromSerialized(bytes, serializer);
}
