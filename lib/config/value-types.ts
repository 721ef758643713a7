// What the value of an option may be: parsed from what a file, a command line or a program gives, and written as text.
import { formatDuration, tryParseDuration } from './duration.ts';
import { formatMemorySize, tryParseMemorySize } from './memory-size.ts';
import { joinStructured, splitStructured } from './structured-text.ts';
import { parseYamlText } from './yaml-text.ts';

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

const INTEGER = /^[+-]?\d+$/;
const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

interface NumberSyntax {
  readonly pattern: RegExp;
  accepts(value: number): boolean;
}

function numberType(name: string, expected: string, { pattern, accepts }: NumberSyntax): ValueType<number> {
  return {
    name,
    expected,
    parse(raw) {
      const text = textOf(raw) ?? '';
      const value = pattern.test(text) ? Number(text) : Number.NaN;
      // An integer has no negative zero.
      return accepts(value) ? (pattern === INTEGER ? value + 0 : value) : undefined;
    },
    format: String,
  };
}

/** What YAML makes of a text that may as well be none. */
function yamlOf(text: string | undefined): unknown {
  try {
    return parseYamlText(text ?? '');
  } catch {
    return undefined;
  }
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

export const intType: ValueType<number> = numberType('Integer', 'an integer of 32 bits', {
  pattern: INTEGER,
  accepts: (value) => value === (value | 0),
});

export const longType: ValueType<number> = numberType('Long', 'a safe integer', {
  pattern: INTEGER,
  accepts: Number.isSafeInteger,
});

export const doubleType: ValueType<number> = numberType('Double', 'a finite number', {
  pattern: DECIMAL,
  accepts: Number.isFinite,
});

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
  parse: (raw) =>
    typeof raw === 'number' && Number.isFinite(raw) && raw >= 0 ? raw : tryParseDuration(textOf(raw) ?? ''),
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

/** Separated by semicolons, or a sequence of YAML, which may be text itself. */
export function listType<T>(element: ValueType<T>): ValueType<readonly T[]> {
  return {
    name: `List<${element.name}>`,
    expected: `a list, separated by ';', whose elements are each ${element.expected}`,
    parse(raw) {
      const parts = listOf(raw);
      const values = parts?.map((part) => element.parse(part));
      return values?.every((value) => value !== undefined) ? (values as T[]) : undefined;
    },
    format: (values) => joinStructured(values.map(element.format), ';'),
  };
}

function listOf(raw: unknown): readonly unknown[] | undefined {
  const text = textOf(raw);
  const list = text === undefined ? raw : /^[[-]/.test(text) ? yamlOf(text) : undefined;
  return Array.isArray(list) ? list : text === undefined ? undefined : splitStructured(text, ';');
}

/** `key:value` pairs separated by commas, or a mapping of YAML, which may be text itself. */
export const mapType: ValueType<Readonly<Record<string, string>>> = {
  name: 'Map',
  expected: "pairs such as 'a:1,b:2'",
  parse(raw) {
    const entries = entriesOf(raw)?.map(([key, value]) => [key, stringType.parse(value)] as const);
    const hasTexts = entries?.every(([, text]) => text !== undefined);
    // Of a key that is there twice, neither value is the right one.
    return hasTexts && new Set(entries?.map(([key]) => key)).size === entries?.length
      ? Object.fromEntries(entries as [string, string][])
      : undefined;
  },
  format: (map) =>
    joinStructured(
      Object.entries(map).map((pair) => joinStructured(pair, ':')),
      ',',
    ),
};

function entriesOf(raw: unknown): readonly (readonly [string, unknown])[] | undefined {
  const text = textOf(raw);
  const mapping = text === undefined ? raw : yamlOf(text);
  if (typeof mapping === 'object' && mapping !== null) {
    return Array.isArray(mapping) ? undefined : Object.entries(mapping);
  }
  const pairs = text?.startsWith('{')
    ? undefined
    : splitStructured(text ?? '', ',')?.map((pair) => splitStructured(pair, ':'));
  return pairs?.every((pair) => pair?.length === 2) ? (pairs as [string, string][]) : undefined;
}
