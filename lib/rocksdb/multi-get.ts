// Reads many keys at once. Native leaves keys out when the values before them are long; they are asked for again.
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
    round.take(unpackAnswers(calls.multiGet(from.columnFamily, output.position, from.snapshot)));
  }
  return round.answers;
}

/** As {@link multiGet}, on a worker. */
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
    round.take(unpackAnswers(await calls.multiGetAsync(from.columnFamily, packedKeys, from.snapshot)));
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

function checkKeys(keys: readonly Uint8Array[]): void {
  for (const key of keys) {
    checkLength('key', key.length);
  }
}
