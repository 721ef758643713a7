// 64-bit integers as numbers, where numbers hold them exactly.
import type { DataInputView } from '../api/type-information.ts';
import { SerializationError } from '../errors.ts';

const TWO_TO_32 = 0x1_0000_0000;
// Exact, and faster than to divide by 2^32.
const TWO_TO_MINUS_32 = 2 ** -32;

/** The upper 32 bits of a safe integer, as a signed integer; the lower ones are `value | 0`. */
export function highWordOf(value: number): number {
  return Math.floor(value * TWO_TO_MINUS_32);
}

/** @throws SerializationError when it is beyond the safe integers. */
export function readSafeLong(input: DataInputView): number {
  const high = input.readInt();
  const value = high * TWO_TO_32 + (input.readInt() >>> 0);
  if (!Number.isSafeInteger(value)) {
    throw notSafe(high);
  }
  return value;
}

function notSafe(high: number): SerializationError {
  return new SerializationError(
    `The stored LONG (high word ${high}) is beyond the integers that a number holds exactly; read it as Types.BIGINT.`,
  );
}
