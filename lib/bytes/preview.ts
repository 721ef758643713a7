// A short picture of a value for an error message: the first parts of arrays and plain objects, however large they are.
import { describe } from '../errors.ts';

const MOST_CHARACTERS = 120;
const MOST_PARTS = 4;
const DEEPEST = 2;

export function preview(value: unknown): string {
  const text = picture(value, 0);
  return text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)}…` : text;
}

function picture(value: unknown, depth: number): string {
  if (typeof value !== 'object' || value === null || depth === DEEPEST) {
    return describe(value);
  }
  if (Array.isArray(value)) {
    const parts = value.slice(0, MOST_PARTS).map((part) => picture(part, depth + 1));
    return `[${listed(parts, value.length > MOST_PARTS)}]`;
  }
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype ? pictureOfPlain(value, depth) : describe(value);
}

function pictureOfPlain(value: object, depth: number): string {
  const parts: string[] = [];
  // Not Object.entries, which would read all of a large object.
  for (const name in value) {
    if (parts.length === MOST_PARTS) {
      return `{${listed(parts, true)}}`;
    }
    parts.push(`${name}: ${picture(value[name as keyof typeof value], depth + 1)}`);
  }
  return `{${listed(parts, false)}}`;
}

function listed(parts: readonly string[], goesOn: boolean): string {
  return goesOn ? `${parts.join(', ')}, …` : parts.join(', ');
}
