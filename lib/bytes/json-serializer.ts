// What JSON holds without loss: length of its UTF-8 text as a 32-bit integer, then the text.
import { describe, SerializationError } from '../errors.ts';
import { bytesSerializer } from './bytes-serializer.ts';
import { checkPlain, type PlainFormat } from './plain-values.ts';
import type { BoundedSerializer } from './size-bound.ts';
import { SIZED_LAYOUT } from './value-layout.ts';

const LENGTH_BYTES = 4;
// Longer texts than this, and what is nested more deeply, are written to see whether they can be.
const MOST_UNITS = 2 ** 24;
const MOST_LEVELS = 32;
// As in -1.2345678901234567e-300, and a comma.
const NUMBER_UNITS = 26;
// At most \u and four digits.
const ESCAPED_UNITS = 6;

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

export const jsonSerializer: BoundedSerializer<unknown> = {
  id: 'rockstate.JsonSerializer',
  length: -1,
  layout: SIZED_LAYOUT,

  maxBytesOf(value) {
    try {
      const units = maxUnitsOf(value, 0);
      return units <= MOST_UNITS ? LENGTH_BYTES + units : Number.POSITIVE_INFINITY;
    } catch {
      // A property that can't be read.
      return Number.POSITIVE_INFINITY;
    }
  },

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

// How long the text is at most, with a comma behind it; Infinity for what may not be lossless, where it does not go on. As
// it is ASCII but for what takes six units here, its bytes are no more.
function maxUnitsOf(value: unknown, level: number): number {
  if (typeof value === 'string') {
    return 3 + ESCAPED_UNITS * value.length;
  }
  if (typeof value !== 'object' || value === null) {
    return isJsonPrimitive(value) ? NUMBER_UNITS : Number.POSITIVE_INFINITY;
  }
  if (level === MOST_LEVELS || 'toJSON' in value) {
    return Number.POSITIVE_INFINITY;
  }
  return Array.isArray(value) ? maxUnitsOfItems(value, level) : maxUnitsOfProperties(value, level);
}

function maxUnitsOfItems(values: readonly unknown[], level: number): number {
  let units = 3;
  for (let i = 0; i < values.length && units <= MOST_UNITS; i++) {
    units += maxUnitsOf(values[i], level + 1);
  }
  return units;
}

function maxUnitsOfProperties(value: object, level: number): number {
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) {
    return Number.POSITIVE_INFINITY;
  }
  let units = 3;
  for (const name in value) {
    units += 3 + ESCAPED_UNITS * name.length + maxUnitsOf(value[name as keyof typeof value], level + 1);
    if (units > MOST_UNITS) {
      return Number.POSITIVE_INFINITY;
    }
  }
  return units;
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
