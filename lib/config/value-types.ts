// What the value of an option may be: parsed from what a file, a command line or a program gives, and written as text.
import { formatDuration, tryParseDuration } from './duration.ts';
import { formatMemorySize, tryParseMemorySize } from './memory-size.ts';
import { joinStructured, splitStructured } from './structured-text.ts';

/** The type of an option's value. */
export interface ValueType<T> {
  /** As documentation names it: `Integer`, `MemorySize`, … */
  readonly name: string;
  /** What is allowed, for an error message: `true or false`. */
  readonly expected: string;
  /** The value, or `undefined` when `raw` is none. */
  parse(raw: unknown): T | undefined;
  /** Text that {@link parse} reads back. */
  format(value: T): string;
}

function textOf(raw: unknown): string | undefined {
  return typeof raw === 'string' || typeof raw === 'number' || typeof raw === 'boolean' || typeof raw === 'bigint'
    ? String(raw).trim()
    : undefined;
}

function numberType(name: string, expected: string, accepts: (value: number) => boolean): ValueType<number> {
  return {
    name,
    expected,
    parse(raw) {
      const text = textOf(raw);
      const value = text === undefined || !/^[+-]?(\d|\.\d|Infinity)/.test(text) ? Number.NaN : Number(text);
      return accepts(value) ? value : undefined;
    },
    format: String,
  };
}

export const stringType: ValueType<string> = {
  name: 'String',
  expected: 'text',
  parse: (raw) => (typeof raw === 'string' ? raw : textOf(raw)),
  format: (value) => value,
};

export const booleanType: ValueType<boolean> = {
  name: 'Boolean',
  expected: 'true or false',
  parse(raw) {
    const text = textOf(raw)?.toLowerCase();
    return text === 'true' ? true : text === 'false' ? false : undefined;
  },
  format: String,
};

export const intType: ValueType<number> = numberType(
  'Integer',
  'an integer of 32 bits',
  (value) => Number.isInteger(value) && value === (value | 0),
);

export const longType: ValueType<number> = numberType('Long', 'a safe integer', Number.isSafeInteger);

export const doubleType: ValueType<number> = numberType('Double', 'a finite number', Number.isFinite);

/** In bytes. */
export const memoryType: ValueType<number> = {
  name: 'MemorySize',
  expected: "a memory size, such as '64mb' (a number is bytes)",
  parse: (raw) => tryParseMemorySize(textOf(raw) ?? ''),
  format: formatMemorySize,
};

/** In milliseconds. */
export const durationType: ValueType<number> = {
  name: 'Duration',
  expected: "a duration, such as '10 min' (a number is milliseconds)",
  parse: (raw) => (typeof raw === 'number' && raw >= 0 ? raw : tryParseDuration(textOf(raw) ?? '')),
  format: formatDuration,
};

/** One of several names, in any case. */
export function enumType<T extends string>(values: readonly T[]): ValueType<T> {
  return {
    name: 'Enum',
    expected: `one of ${values.join(', ')}`,
    parse: (raw) => values.find((value) => value.toLowerCase() === textOf(raw)?.toLowerCase()),
    format: (value) => value,
  };
}

/** Separated by semicolons, or a sequence of YAML. */
export function listType<T>(element: ValueType<T>): ValueType<readonly T[]> {
  return {
    name: `List<${element.name}>`,
    expected: `a list, separated by ';', whose elements are each ${element.expected}`,
    parse(raw) {
      const parts: readonly unknown[] | undefined = Array.isArray(raw) ? raw : splitStructured(textOf(raw) ?? '', ';');
      const values = parts?.map((part) => element.parse(part));
      return values?.every((value) => value !== undefined) ? (values as T[]) : undefined;
    },
    format: (values) => joinStructured(values.map(element.format), ';'),
  };
}

/** `key:value` pairs separated by commas, or a mapping of YAML. */
export const mapType: ValueType<Readonly<Record<string, string>>> = {
  name: 'Map',
  expected: "pairs such as 'a:1,b:2'",
  parse(raw) {
    if (typeof raw === 'object' && raw !== null && !Array.isArray(raw)) {
      return Object.fromEntries(Object.entries(raw).map(([key, value]) => [key, textOf(value) ?? '']));
    }
    const pairs = splitStructured(textOf(raw) ?? '', ',')?.map((pair) => splitStructured(pair, ':'));
    return pairs?.every((pair) => pair?.length === 2) ? Object.fromEntries(pairs as string[][]) : undefined;
  },
  format: (map) =>
    joinStructured(
      Object.entries(map).map((pair) => joinStructured(pair, ':')),
      ',',
    ),
};
