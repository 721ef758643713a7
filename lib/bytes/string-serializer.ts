// Strings as Flink writes them: varint of length + 1, then each UTF-16 unit as a varint.
import type { DataInputView } from '../api/type-information.ts';
import { describe, SerializationError } from '../errors.ts';
import type { DataInput } from './data-input.ts';
import type { BoundedSerializer } from './size-bound.ts';
import { simpleSnapshot } from './snapshots.ts';
import { STRING_LAYOUT } from './value-layout.ts';

const ID = 'org.apache.flink.api.common.typeutils.base.StringSerializer';

const MAX_VARINT_BYTES = 5;

// Up to here one byte per unit is the fastest to turn into a string unit by unit.
const SHORT_STRING_UNITS = 24;

export const stringSerializer: BoundedSerializer<string> = {
  id: ID,
  snapshot: simpleSnapshot(ID),
  length: -1,
  layout: STRING_LAYOUT,

  maxBytesOf: (value) => (typeof value === 'string' ? MAX_VARINT_BYTES + 3 * value.length : Number.POSITIVE_INFINITY),

  serialize(value, output) {
    if (typeof value !== 'string') {
      throw new SerializationError(`A STRING must be a string; received ${describe(value)}.`);
    }
    output.writeVarint(value.length + 1);
    for (let i = 0; i < value.length; i++) {
      const unit = value.charCodeAt(i);
      if (unit < 0x80) {
        output.writeByte(unit);
      } else {
        output.writeVarint(unit);
      }
    }
  },

  deserialize(input) {
    const text = readNullableString(input);
    if (text === null) {
      throw new SerializationError('The stored string is null, which a STRING can not be.');
    }
    return text;
  },
};

/** A string, which may be null. */
export function readNullableString(input: DataInputView): string | null {
  const coded = input.readVarint();
  return coded === 0 ? null : readUnits(input as DataInput, coded - 1);
}

function readUnits(input: DataInput, length: number): string {
  if (input.remaining < length) {
    throw new SerializationError(
      `A string of ${length} units was to be read, but only ${input.remaining} bytes are left.`,
    );
  }
  return length > SHORT_STRING_UNITS ? readLong(input, length) : readOneByOne(input, length);
}

function readOneByOne(input: DataInput, length: number): string {
  let text = '';
  for (let i = 0; i < length; i++) {
    text += String.fromCharCode(input.readVarint());
  }
  return text;
}

// ASCII takes one byte a unit: then the bytes are the string.
function readLong(input: DataInput, length: number): string {
  const { bytes, position } = input;
  for (let i = position; i < position + length; i++) {
    if ((bytes[i] as number) >= 0x80) {
      return readInChunks(input, length);
    }
  }
  input.position = position + length;
  return Buffer.from(bytes.buffer, bytes.byteOffset + position, length).toString('latin1');
}

function readInChunks(input: DataInput, length: number): string {
  const units = new Uint16Array(length);
  for (let i = 0; i < length; i++) {
    units[i] = input.readVarint();
  }
  return Buffer.from(units.buffer).toString('utf16le');
}
