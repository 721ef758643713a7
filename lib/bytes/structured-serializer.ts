// What structuredClone can copy, in the format of node:v8: number of bytes as a 32-bit integer, then the bytes.
// rockstate's own format. Newer releases of Node.js read what older ones wrote; not always the other way round.
import { types } from 'node:util';
import { deserialize, serialize } from 'node:v8';
import type { TypeSerializer } from '../api/type-information.ts';
import { describe, SerializationError } from '../errors.ts';
import { bytesSerializer } from './bytes-serializer.ts';
import { checkPlain, type PlainFormat } from './plain-values.ts';
import { SIZED_LAYOUT } from './value-layout.ts';

const ERRORS: readonly ErrorConstructor[] = [
  Error,
  EvalError,
  RangeError,
  ReferenceError,
  SyntaxError,
  TypeError,
  URIError,
];

const FORMAT: PlainFormat = {
  name: 'STRUCTURED',
  advice: 'It holds what structuredClone does; of other classes it would keep only the fields, so copy them yourself.',
  holds: (value) =>
    value instanceof Date ||
    value instanceof RegExp ||
    types.isAnyArrayBuffer(value) ||
    ArrayBuffer.isView(value) ||
    types.isBoxedPrimitive(value) ||
    ERRORS.includes(value.constructor as ErrorConstructor),
  holdsPrimitive: () => true,
  collections: true,
  anyText: true,
};

export const structuredSerializer: TypeSerializer<unknown> = {
  id: 'rockstate.StructuredSerializer',
  length: -1,
  layout: SIZED_LAYOUT,

  serialize(value, output) {
    bytesSerializer.serialize(toBytes(value), output);
  },

  deserialize(input) {
    const bytes = bytesSerializer.deserialize(input);
    try {
      return deserialize(bytes);
    } catch (cause) {
      throw new SerializationError('The stored bytes are not of the format of node:v8.', { cause });
    }
  },
};

function toBytes(value: unknown): Uint8Array {
  try {
    checkPlain(value, FORMAT);
    return serialize(value);
  } catch (cause) {
    if (cause instanceof SerializationError) {
      throw cause;
    }
    throw new SerializationError(`STRUCTURED can not hold ${describe(value)}: ${(cause as Error).message}`, { cause });
  }
}
