// Writes many numbers at once, several times as fast as one by one: each kind of number has a loop of its own, which the engine
// compiles for that kind alone, and which asks for room once.
import type { TypeSerializer } from '../api/type-information.ts';
import type { DataOutput } from './data-output.ts';
import { highWordOf } from './safe-long.ts';

const LONG_BYTES = 8;
const INT_BYTES = 4;
const DOUBLE_BYTES = 8;

/** A serializer that can write values with a separator between them in one go. */
export interface RunSerializer<T> extends TypeSerializer<T> {
  /** Stops at a value that it can't write. Answers how many were written. */
  writeRun(values: readonly T[], separator: number, output: DataOutput): number;
}

/** Writes the values from the first on that a serializer can write in one go; answers how many those were. */
export function writeRun<T>(
  values: readonly T[],
  separator: number,
  serializer: TypeSerializer<T>,
  output: DataOutput,
): number {
  const { writeRun: write } = serializer as Partial<RunSerializer<T>>;
  return write === undefined || values.length === 0 ? 0 : write(values, separator, output);
}

export function writeLongs(values: readonly number[], separator: number, output: DataOutput): number {
  const view = output.viewOfNext(bytesOf(values.length, LONG_BYTES));
  let place = output.position;
  let index = 0;
  for (; index < values.length; index++) {
    const value = values[index] as number;
    if (!Number.isSafeInteger(value)) {
      break;
    }
    if (index > 0) {
      view.setUint8(place++, separator);
    }
    view.setInt32(place, highWordOf(value));
    view.setInt32(place + 4, value | 0);
    place += LONG_BYTES;
  }
  output.position = place;
  return index;
}

export function writeInts(values: readonly number[], separator: number, output: DataOutput): number {
  const view = output.viewOfNext(bytesOf(values.length, INT_BYTES));
  let place = output.position;
  let index = 0;
  for (; index < values.length; index++) {
    const value = values[index];
    if (typeof value !== 'number' || value !== (value | 0)) {
      break;
    }
    if (index > 0) {
      view.setUint8(place++, separator);
    }
    view.setInt32(place, value);
    place += INT_BYTES;
  }
  output.position = place;
  return index;
}

export function writeDoubles(values: readonly number[], separator: number, output: DataOutput): number {
  const view = output.viewOfNext(bytesOf(values.length, DOUBLE_BYTES));
  let place = output.position;
  let index = 0;
  for (; index < values.length; index++) {
    const value = values[index];
    if (typeof value !== 'number') {
      break;
    }
    if (index > 0) {
      view.setUint8(place++, separator);
    }
    view.setFloat64(place, value);
    place += DOUBLE_BYTES;
  }
  output.position = place;
  return index;
}

// With separators between them.
function bytesOf(count: number, bytes: number): number {
  return count * bytes + count - 1;
}
