// A serializer whose failures to write name the state.
import type { TypeSerializer } from '../../api/type-information.ts';
import { preview } from '../../bytes/preview.ts';
import { RocksDBError, SerializationError } from '../../errors.ts';

/** @param what - `value` or `map key`, for messages. */
export function namedSerializer<T>(
  serializer: TypeSerializer<T>,
  state: string,
  what: 'value' | 'map key',
): Pick<TypeSerializer<T>, 'serialize'> {
  return {
    serialize(value, output) {
      try {
        serializer.serialize(value, output);
      } catch (cause) {
        throw failure(cause, `Operator state '${state}' could not be written, ${what} ${preview(value)}`);
      }
    },
  };
}

// What is too large for any buffer is no fault of the serializer's.
function failure(cause: unknown, what: string): Error {
  if (cause instanceof RocksDBError) {
    return cause;
  }
  return new SerializationError(`${what}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
}
