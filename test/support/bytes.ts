// Values to bytes and back by a type's serializer.
import { expect } from 'vitest';
import type { TypeInformation } from '../../lib/api/type-information.ts';
import { DataInput } from '../../lib/bytes/data-input.ts';
import { DataOutput } from '../../lib/bytes/data-output.ts';

export function write<T>(type: TypeInformation<T>, value: T): Uint8Array {
  const output = new DataOutput(new Uint8Array(4));
  type.serializer.serialize(value, output);
  return output.copy();
}

/** Reads one value, which must take all of the bytes. */
export function read<T>(type: TypeInformation<T>, bytes: Uint8Array): T {
  const input = new DataInput(bytes);
  const value = type.serializer.deserialize(input);
  expect(input.remaining).toBe(0);
  return value;
}

export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex');
}
