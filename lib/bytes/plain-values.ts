// Finds what a format of plain data would lose without a word: functions, instances of classes, …
import { describe, SerializationError } from '../errors.ts';
import { at } from './nested.ts';

/** What a format holds beyond arrays, plain objects and primitives. */
export interface PlainFormat {
  readonly name: string;
  /** What to do instead, as a sentence. */
  readonly advice: string;
  /** Whether it keeps this object, with everything in it. */
  readonly holds: (value: object) => boolean;
  /** Whether it keeps this number, bigint, boolean, null or undefined. */
  readonly holdsPrimitive: (value: unknown) => boolean;
  /** Whether it keeps Maps, Sets and cycles. */
  readonly collections: boolean;
  /** Whether it keeps lone surrogates, and properties of any name. */
  readonly anyText: boolean;
}

// With the flag u, the halves of a pair don't match.
const LONE_SURROGATE = /\p{Surrogate}/u;

/** @throws SerializationError naming the first part that the format can't hold, and where it is. */
export function checkPlain(value: unknown, format: PlainFormat): void {
  checkPart(value, format, format.collections ? new Set() : undefined);
}

function checkPart(value: unknown, format: PlainFormat, seen: Set<object> | undefined): void {
  if (typeof value === 'string') {
    checkText(value, format);
  } else if (typeof value === 'function' || typeof value === 'symbol') {
    throw new SerializationError(`${format.name} can not hold a ${typeof value}.`);
  } else if (typeof value === 'object' && value !== null) {
    if (!seen?.has(value)) {
      seen?.add(value);
      checkObject(value, format, seen);
    }
  } else if (!format.holdsPrimitive(value)) {
    throw new SerializationError(`${format.name} can not hold ${describe(value)}. ${format.advice}`);
  }
}

function checkObject(value: object, format: PlainFormat, seen: Set<object> | undefined): void {
  if (Array.isArray(value) || isPlain(value)) {
    checkProperties(value, format, seen);
  } else if (format.collections && value instanceof Map) {
    for (const [key, item] of value) {
      checkPart(key, format, seen);
      checkPart(item, format, seen);
    }
  } else if (format.collections && value instanceof Set) {
    for (const item of value) {
      checkPart(item, format, seen);
    }
  } else if (!format.holds(value)) {
    throw new SerializationError(`${format.name} can not hold ${describe(value)}. ${format.advice}`);
  }
}

function checkProperties(value: object, format: PlainFormat, seen: Set<object> | undefined): void {
  const isArray = Array.isArray(value);
  // What keeps collections keeps the holes of arrays too; elsewhere they become values.
  const names = isArray && !format.collections ? value.keys() : Object.keys(value);
  for (const name of names) {
    try {
      if (!isArray) {
        checkName(String(name), format);
      }
      checkPart(value[name as keyof typeof value], format, seen);
    } catch (error) {
      throw at(isArray ? `[${name}]` : `.${name}`, error);
    }
  }
}

function checkName(name: string, format: PlainFormat): void {
  if (name === '__proto__' && !format.anyText) {
    throw new SerializationError(`${format.name} can not hold a property named '__proto__'.`);
  }
  checkText(name, format);
}

function checkText(text: string, format: PlainFormat): void {
  if (!format.anyText && LONE_SURROGATE.test(text)) {
    throw new SerializationError(`${format.name} can not hold ${describe(text)}, which has a lone surrogate.`);
  }
}

/** Whether it is an object as literals make it. */
export function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null || isOfAnotherRealm(prototype);
}

// As in a test runner that runs tests in contexts of their own, which have an `Object.prototype` of their own.
function isOfAnotherRealm(prototype: object): boolean {
  return Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype, 'isPrototypeOf');
}
