// The rows of the benchmark: which keys there are, which of them a round changes, and to what. Rows.java of bench/flink
// is the same in Java.
import type { KeyGroupRange } from '../../lib/index.ts';
import { keyGroupOf as groupOfHash } from '../../lib/keys/key-groups.ts';

export const KEY_GROUPS = 128;

const GOLDEN_RATIO = 0.618;
const ROUND_STEP = 7919;

export class Rows {
  readonly keyCount: number;
  readonly valueBytes: number;

  constructor(keyCount: number, valueBytes: number) {
    this.keyCount = keyCount;
    this.valueBytes = valueBytes;
  }

  /** All keys, sorted as RocksDB sorts them: by key group first. */
  inOrder(): Int32Array {
    const next = new Int32Array(KEY_GROUPS + 1);
    for (let key = 0; key < this.keyCount; key++) {
      (next[keyGroupOf(key) + 1] as number)++;
    }
    for (let group = 0; group < KEY_GROUPS; group++) {
      (next[group + 1] as number) += next[group] as number;
    }
    const keys = new Int32Array(this.keyCount);
    for (let key = 0; key < this.keyCount; key++) {
      keys[(next[keyGroupOf(key)] as number)++] = key;
    }
    return keys;
  }

  /** A share of the keys, scattered over all of them; each round has others. */
  scattered(round: number, share: number): Int32Array {
    const keys = new Int32Array(Math.floor(this.keyCount * share));
    const stride = this.#stride();
    for (let index = 0; index < keys.length; index++) {
      keys[index] = (round * ROUND_STEP + index * stride) % this.keyCount;
    }
    return keys;
  }

  /** Some key of a range. */
  keyIn(range: KeyGroupRange): number {
    let key = 0;
    while (!isIn(range, key)) {
      key++;
    }
    return key;
  }

  // Without a common divisor with the number of keys, so that no key comes twice.
  #stride(): number {
    let stride = Math.floor(this.keyCount * GOLDEN_RATIO) | 1;
    while (commonDivisor(stride, this.keyCount) !== 1) {
      stride += 2;
    }
    return stride;
  }
}

export function isIn({ start, end }: KeyGroupRange, key: number): boolean {
  const keyGroup = keyGroupOf(key);
  return start <= keyGroup && keyGroup <= end;
}

// Keys are below 2³¹, where a LONG is its own hash code.
function keyGroupOf(key: number): number {
  return groupOfHash(key, KEY_GROUPS);
}

/** Makes values whose bytes do not compress; the next value overwrites the one before. */
export class Values {
  readonly #words: Int32Array;
  readonly bytes: Uint8Array;
  /** To see that both sides have written the same. */
  checksum = 0;

  constructor(valueBytes: number) {
    this.bytes = new Uint8Array(valueBytes);
    this.#words = new Int32Array(this.bytes.buffer, 0, Math.floor(valueBytes / Int32Array.BYTES_PER_ELEMENT));
  }

  make(key: number, round: number): Uint8Array {
    const words = this.#words;
    let word = seedOf(key, round);
    for (let index = 0; index < words.length; index++) {
      word ^= word << 13;
      word ^= word >>> 17;
      word ^= word << 5;
      words[index] = word;
    }
    this.checksum = (Math.imul(this.checksum, 31) + (key ^ (words[0] as number))) | 0;
    return this.bytes;
  }
}

function seedOf(key: number, round: number): number {
  let seed = Math.imul(key ^ Math.imul(round + 1, 0x9e3779b9), 0x85ebca6b);
  seed = Math.imul(seed ^ (seed >>> 13), 0xc2b2ae35);
  return (seed ^ (seed >>> 16)) | 1;
}

function commonDivisor(a: number, b: number): number {
  return b === 0 ? a : commonDivisor(b, a % b);
}
