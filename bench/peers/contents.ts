// Rows that depend on numbers alone, the same in every process: keys of 16 bytes that are scattered over their order, and
// values that no compression makes smaller.
import { scatterStep } from '../harness/scatter.ts';
import { scrambled } from '../memory-budget/contents.ts';

const KEY_BYTES = 16;
const VALUES = 4096;
const SECOND_WORD = 0x5bd1e995;
const THIRD_WORD = 0x9e3779b9;

export interface Rows {
  readonly keys: readonly Buffer[];
  readonly values: readonly Buffer[];
}

export class Contents {
  readonly #keyCount: number;
  readonly #step: number;
  readonly #values: readonly Buffer[];

  constructor(keyCount: number, valueBytes: number) {
    this.#keyCount = keyCount;
    this.#step = scatterStep(keyCount);
    this.#values = Array.from({ length: VALUES }, (_, number) => randomBytes(number, valueBytes));
  }

  /** The rows with the numbers from `first` on, which a load stores. */
  stored(first: number, count: number): Rows {
    return this.#rows(first, count, (number) => number);
  }

  /**
   * Rows of any of the stored keys; `first` counts what was drawn before. No key comes again before all others have, as
   * writes that are under way at the same time may be done in any order.
   */
  drawn(first: number, count: number): Rows {
    return this.#rows(first, count, (number) => ((number % this.#keyCount) * this.#step) % this.#keyCount);
  }

  #rows(first: number, count: number, keyOf: (number: number) => number): Rows {
    const numbers = Array.from({ length: count }, (_, index) => first + index);
    return {
      keys: numbers.map((number) => keyBytes(keyOf(number))),
      values: numbers.map((number) => this.#values[scrambled(number) % VALUES] as Buffer),
    };
  }
}

// The first word is another one for every number.
function keyBytes(number: number): Buffer {
  const key = Buffer.alloc(KEY_BYTES);
  key.writeUInt32BE(scrambled(number), 0);
  key.writeUInt32BE(scrambled(number ^ SECOND_WORD), 4);
  key.writeUInt32BE(scrambled(number ^ THIRD_WORD), 8);
  key.writeUInt32BE(number, 12);
  return key;
}

function randomBytes(number: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  for (let offset = 0; offset + 4 <= length; offset += 4) {
    bytes.writeUInt32BE(scrambled(number * length + offset), offset);
  }
  return bytes;
}
