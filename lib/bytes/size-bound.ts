// How long a value's bytes are at most, told without writing them: what is known to be writable need not be written to find out.
import type { TypeSerializer } from '../api/type-information.ts';
import { MAX_BYTES } from './limits.ts';

/** A serializer that knows, of most values that it can write, that it can. */
export interface BoundedSerializer<T> extends TypeSerializer<T> {
  /** As many bytes as the value takes at most; Infinity where only writing it tells whether it can be written. Never throws. */
  maxBytesOf(value: T): number;
}

/** As {@link BoundedSerializer.maxBytesOf}, of any serializer. */
export function maxBytesOf<T>(value: T, serializer: TypeSerializer<T>): number {
  const { maxBytesOf: bound } = serializer as Partial<BoundedSerializer<T>>;
  return bound === undefined ? Number.POSITIVE_INFINITY : bound(value);
}

/** Whether a serializer certainly writes a value. */
export function isWritable<T>(value: T, serializer: TypeSerializer<T>): boolean {
  return maxBytesOf(value, serializer) <= MAX_BYTES;
}
