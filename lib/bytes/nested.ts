// What types that are made of other types share: their names, identities, hash codes, and where in a value an error was.
import type { TypeInformation, TypeSerializer } from '../api/type-information.ts';
import { describe, SerializationError, typeError } from '../errors.ts';

/** The types at each place of a tuple of values. */
export type TypesOf<T extends unknown[]> = { [I in keyof T]: TypeInformation<T[I]> };

/** A type whose hash code within a {@link Row} is not the usual one. */
export interface RowHashed<T> extends TypeInformation<T> {
  rowHashCode?(value: T): number;
}

/**
 * `name(part, part)`.
 *
 * @throws TypeError `ERR_INVALID_TYPE` when a part is not a type.
 */
export function compositeName(name: string, parts: readonly TypeInformation<unknown>[]): string {
  for (const part of parts) {
    if (typeof part?.serializer?.serialize !== 'function') {
      throw typeError(
        'ERR_INVALID_TYPE',
        `Types.${name} takes types, as in Types.LONG or Types.JSON(); received ${describe(part)}.`,
      );
    }
  }
  return `${name}(${parts.map((part) => part.name).join(', ')})`;
}

/** `id[part,part]`: other parts are another format. */
export function compositeId(id: string, parts: readonly TypeSerializer<unknown>[]): string {
  return `${id}[${parts.map((part) => part.id).join(',')}]`;
}

/** Adds to an error where in the value it happened. */
export function at(step: string, error: unknown): unknown {
  if (!(error instanceof SerializationError)) {
    return error;
  }
  const path = step + error.path;
  const { reason, cause } = error;
  return new SerializationError(reason, cause === undefined ? { path } : { path, cause });
}

/** The number of elements that follow. */
export function checkedSize(name: string, size: number): number {
  if (size < 0) {
    throw new SerializationError(`The stored ${name} says that it has ${size} elements.`);
  }
  return size;
}

/** The hash codes of values that may be null, which has 0 as in Java. */
export function nestedHashCode<T>(type: TypeInformation<T>): ((value: T | null) => number) | undefined {
  const { hashCode } = type;
  return hashCode && ((value) => (value === null || value === undefined ? 0 : hashCode(value)));
}

/** Flink hashes a row's fields with `Arrays.deepHashCode` of each alone, which adds 31. */
export function rowHashCode<T>(type: RowHashed<T>): ((value: T | null) => number) | undefined {
  const { hashCode, rowHashCode = hashCode && ((value: T) => (31 + hashCode(value)) | 0) } = type;
  return rowHashCode && ((value) => (value === null || value === undefined ? 0 : rowHashCode(value)));
}
