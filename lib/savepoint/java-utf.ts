// Java's modified UTF-8: UTF-16 units one by one, NUL in two bytes, behind the number of bytes in 16 bits.
//
//   U+0001…007F: 0xxxxxxx   U+0000, U+0080…07FF: 110xxxxx 10xxxxxx   else: 1110xxxx 10xxxxxx 10xxxxxx
import type { DataOutputView } from '../api/type-information.ts';
import { describe, rangeError } from '../errors.ts';

const MAX_UTF_BYTES = 0xffff;

/** @throws RangeError `ERR_SAVEPOINT_TEXT_TOO_LONG` over 65535 bytes, which Java's format can't hold. */
export function writeUtf(text: string, output: DataOutputView): void {
  const length = utfLength(text);
  if (length > MAX_UTF_BYTES) {
    throw rangeError(
      'ERR_SAVEPOINT_TEXT_TOO_LONG',
      `A text in a savepoint may be up to ${MAX_UTF_BYTES} bytes long; ${describe(text)} has ${length}.`,
    );
  }
  output.writeShort(length);
  for (let i = 0; i < text.length; i++) {
    writeUnit(text.charCodeAt(i), output);
  }
}

function writeUnit(unit: number, output: DataOutputView): void {
  if (unit >= 0x01 && unit <= 0x7f) {
    output.writeByte(unit);
  } else if (unit <= 0x7ff) {
    output.writeByte(0xc0 | (unit >> 6));
    output.writeByte(0x80 | (unit & 0x3f));
  } else {
    output.writeByte(0xe0 | (unit >> 12));
    output.writeByte(0x80 | ((unit >> 6) & 0x3f));
    output.writeByte(0x80 | (unit & 0x3f));
  }
}

function utfLength(text: string): number {
  let length = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    length += unit >= 0x01 && unit <= 0x7f ? 1 : unit <= 0x7ff ? 2 : 3;
  }
  return length;
}

/** The text of the bytes, or undefined when they are not of this format. */
export function decodeUtf(bytes: Uint8Array): string | undefined {
  const units: number[] = [];
  for (let i = 0; i < bytes.length; ) {
    const length = unitLength(bytes[i] as number);
    const unit = length > 0 && i + length <= bytes.length ? decodeUnit(bytes, i, length) : undefined;
    if (unit === undefined) {
      return undefined;
    }
    units.push(unit);
    i += length;
  }
  return fromUnits(units);
}

function unitLength(first: number): number {
  if (first < 0x80) {
    return 1;
  }
  return first >> 5 === 0b110 ? 2 : first >> 4 === 0b1110 ? 3 : 0;
}

function decodeUnit(bytes: Uint8Array, start: number, length: number): number | undefined {
  let unit = (bytes[start] as number) & (length === 1 ? 0x7f : length === 2 ? 0x1f : 0x0f);
  for (let i = start + 1; i < start + length; i++) {
    const byte = bytes[i] as number;
    if (byte >> 6 !== 0b10) {
      return undefined;
    }
    unit = (unit << 6) | (byte & 0x3f);
  }
  return unit;
}

// Fewer at once than a call takes arguments.
const UNITS_AT_ONCE = 4096;

function fromUnits(units: readonly number[]): string {
  let text = '';
  for (let start = 0; start < units.length; start += UNITS_AT_ONCE) {
    text += String.fromCharCode(...units.slice(start, start + UNITS_AT_ONCE));
  }
  return text;
}
