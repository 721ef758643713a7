// The timestamps of timers: numbers in programs, 64-bit integers with the sign bit flipped in bytes, which are in the order of
// time then. The largest 64-bit integer stands for Infinity.

import type { DataOutputView } from '../api/type-information.ts';
import { describe, RestoreError, rangeError } from '../errors.ts';

/** Bytes that a timestamp takes. */
export const TIMESTAMP_BYTES = 8;

const TWO_TO_32 = 0x1_0000_0000;
const SIGN_BIT = 0x8000_0000 | 0;

/** @throws RangeError `ERR_INVALID_TIMESTAMP` for what is no safe integer and not `Infinity`. */
export function checkTimestamp(timestamp: number): void {
  if (!Number.isSafeInteger(timestamp) && timestamp !== Number.POSITIVE_INFINITY) {
    throw rangeError(
      'ERR_INVALID_TIMESTAMP',
      `A timer needs a timestamp: a safe integer, or Infinity; received ${describe(timestamp)}.`,
    );
  }
}

/** @throws RangeError `ERR_INVALID_TIMESTAMP` for what is no number. */
export function checkTime(time: number): void {
  if (typeof time !== 'number' || Number.isNaN(time)) {
    throw rangeError('ERR_INVALID_TIMESTAMP', `Time must be a number; received ${describe(time)}.`);
  }
}

export function writeTimestamp(timestamp: number, output: DataOutputView): void {
  if (timestamp === Number.POSITIVE_INFINITY) {
    output.writeInt(-1);
    output.writeInt(-1);
    return;
  }
  output.writeInt(Math.floor(timestamp / TWO_TO_32) ^ SIGN_BIT);
  output.writeInt(timestamp | 0);
}

/**
 * The timestamp that a timer's bytes begin with; the nearest number, where none holds it exactly.
 *
 * @throws RestoreError when there are too few bytes.
 */
export function timestampOf(id: string): number {
  if (id.length < TIMESTAMP_BYTES) {
    throw new RestoreError(`A stored timer has ${id.length} bytes, fewer than its timestamp takes.`);
  }
  const high = intAt(id, 0) ^ SIGN_BIT;
  const low = intAt(id, 4);
  return high === 0x7fff_ffff && low === -1 ? Number.POSITIVE_INFINITY : high * TWO_TO_32 + (low >>> 0);
}

function intAt(text: string, index: number): number {
  return (
    (text.charCodeAt(index) << 24) |
    (text.charCodeAt(index + 1) << 16) |
    (text.charCodeAt(index + 2) << 8) |
    text.charCodeAt(index + 3)
  );
}
