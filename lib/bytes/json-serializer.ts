// What JSON holds without loss: length of its UTF-8 text as a 32-bit integer, then the text.
import type { TypeSerializer } from '../api/type-information.ts';
import { describe, SerializationError } from '../errors.ts';
import { bytesSerializer } from './bytes-serializer.ts';
import { checkPlain, type PlainFormat } from './plain-values.ts';

const encoder = new TextEncoder();
const FORMAT: PlainFormat = {
  name: 'JSON',
  advice:
    'It holds plain objects, arrays, strings, finite numbers, booleans and null; Types.STRUCTURED holds much more.',
  holds: () => false,
  holdsPrimitive: isJsonPrimitive,
  collections: false,
  anyText: true,
};

const decoder = new TextDecoder('utf-8', { fatal: true });

export const jsonSerializer: TypeSerializer<unknown> = {
  id: 'rockstate.JsonSerializer',
  length: -1,

  serialize(value, output) {
    bytesSerializer.serialize(encoder.encode(toJson(value)), output);
  },

  deserialize(input) {
    try {
      return JSON.parse(decoder.decode(bytesSerializer.deserialize(input)));
    } catch (cause) {
      throw new SerializationError('The stored bytes are not JSON.', { cause });
    }
  },
};

function toJson(value: unknown): string {
  try {
    if (!isLossless(value)) {
      checkPlain(value, FORMAT);
    }
    return JSON.stringify(value);
  } catch (cause) {
    if (cause instanceof SerializationError) {
      throw cause;
    }
    const { message } = cause as Error;
    const reason = cause instanceof RangeError ? `it is nested too deeply, or in a cycle (${message})` : message;
    throw new SerializationError(`JSON can not hold ${describe(value)}: ${reason}`, { cause });
  }
}

// JSON.stringify leaves out what it can't hold, or makes something else of it, without a word. This says quickly whether
// there is nothing of the kind; what it doubts is looked at more closely.
function isLossless(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) {
    return typeof value === 'string' || isJsonPrimitive(value);
  }
  if (Array.isArray(value)) {
    return areLossless(value);
  }
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) {
    return false;
  }
  for (const name in value) {
    if (!isLossless(value[name as keyof typeof value])) {
      return false;
    }
  }
  return true;
}

function areLossless(values: readonly unknown[]): boolean {
  for (let i = 0; i < values.length; i++) {
    if (!isLossless(values[i])) {
      return false;
    }
  }
  return true;
}

function isJsonPrimitive(value: unknown): boolean {
  return typeof value === 'number' ? Number.isFinite(value) : typeof value === 'boolean' || value === null;
}
