// Packed keys and values of a multi-get; native/core/packed.h has the layout.
import type { DataInput } from '../bytes/data-input.ts';
import type { DataOutput } from '../bytes/data-output.ts';
import { MAX_BYTES, tooLarge } from '../bytes/limits.ts';
import type { RocksDBError } from '../errors.ts';

/** Stands for a value that native did not read, as those before it are long. */
export const LEFT_OUT: unique symbol = Symbol('left out');

/** A key's value, `undefined` when absent, or why it can't be read. */
export type Answer = Uint8Array | undefined | RocksDBError | typeof LEFT_OUT;

const ABSENT_LENGTH = -1;
const TOO_LONG_LENGTH = -2;

/** Appends [length][key] for each key. */
export function packKeys(keys: readonly Uint8Array[], output: DataOutput): void {
  for (const key of keys) {
    output.writeIntLittleEndian(key.length);
    output.writeBytes(key);
  }
}

/** Reads [length][value] until the end. The values are views of what is packed. */
export function unpackAnswers(packed: DataInput): Answer[] {
  const answers: Answer[] = [];
  while (packed.remaining > 0) {
    const length = packed.readIntLittleEndian();
    answers.push(length < 0 ? answerWithoutValue(length) : packed.viewBytes(length));
  }
  return answers;
}

function answerWithoutValue(length: number): Answer {
  if (length === ABSENT_LENGTH) {
    return undefined;
  }
  return length === TOO_LONG_LENGTH
    ? tooLarge(`The value to read is longer than ${MAX_BYTES} bytes, the most that can be read at once.`)
    : LEFT_OUT;
}
