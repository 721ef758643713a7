// Reads many keys at once. Native leaves keys out when the values before them are long; they are asked for again.
import { DataInput } from '../bytes/data-input.ts';
import { DataOutput } from '../bytes/data-output.ts';
import { checkLength, MAX_BUFFER_BYTES } from '../bytes/limits.ts';
import { type Answer, LEFT_OUT, packKeys, unpackAnswers } from './packed.ts';
import type { PointCalls } from './point-calls.ts';

/** Where to read: numbers of a column family and of a snapshot. */
export interface MultiGetSource {
  readonly columnFamily: number;
  readonly snapshot: number | undefined;
}

/** What a multi-get answers for a key, in the end. */
export type KeyAnswer = Exclude<Answer, typeof LEFT_OUT>;

export function multiGet(calls: PointCalls, keys: readonly Uint8Array[], from: MultiGetSource): KeyAnswer[] {
  checkKeys(keys);
  const round = new MultiGetRounds(keys);
  while (round.keys.length > 0) {
    const output = calls.startKey();
    packKeys(round.keys, output);
    // The buffer is used again for the next call.
    round.take(unpackAnswers(calls.multiGet(from.columnFamily, output.position, from.snapshot)).map(owned));
  }
  return round.answers;
}

/** As {@link multiGet}, on workers. The values are views of one buffer: keeping one keeps them all. */
export async function multiGetAsync(
  calls: PointCalls,
  keys: readonly Uint8Array[],
  from: MultiGetSource,
): Promise<KeyAnswer[]> {
  checkKeys(keys);
  const round = new MultiGetRounds(keys);
  while (round.keys.length > 0) {
    const output = new DataOutput(undefined, MAX_BUFFER_BYTES);
    packKeys(round.keys, output);
    const packedKeys = output.bytes.subarray(0, output.position);
    const packed = await calls.multiGetAsync(from.columnFamily, packedKeys, from.snapshot);
    round.take(unpackAnswers(new DataInput(packed)));
  }
  return round.answers;
}

class MultiGetRounds {
  /** Those without an answer. */
  keys: readonly Uint8Array[];
  answers: KeyAnswer[] = [];
  // Where in the answers those of the keys belong; unknown while it is the same place.
  #places: readonly number[] | undefined;

  constructor(keys: readonly Uint8Array[]) {
    this.keys = keys;
  }

  take(answers: Answer[]): void {
    const leftOut: number[] = [];
    answers.forEach((answer, index) => {
      const place = this.#places?.[index] ?? index;
      if (answer === LEFT_OUT) {
        leftOut.push(index);
      } else {
        this.answers[place] = answer;
      }
    });
    const { keys } = this;
    this.#places = leftOut.map((index) => this.#places?.[index] ?? index);
    this.keys = leftOut.map((index) => keys[index] as Uint8Array);
  }
}

/** A value as an array of its own. */
export function owned<T>(answer: T): T | Uint8Array {
  return answer instanceof Uint8Array ? new Uint8Array(answer) : answer;
}

function checkKeys(keys: readonly Uint8Array[]): void {
  for (const key of keys) {
    checkLength('key', key.length);
  }
}
