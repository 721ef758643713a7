// Hashes of bytes that come from outside, with a seed and factors that are secret: nobody can prepare many that collide.
import { randomInt } from 'node:crypto';

/** Where a hash begins; of this process. */
export const HASH_SEED: number = randomInt(2 ** 32) | 0;
const FIRST_FACTOR = randomInt(2 ** 32) | 1;
const SECOND_FACTOR = randomInt(2 ** 32) | 1;

/** The hash with one more word. */
export function withWord(hash: number, word: number): number {
  // Two products with a turn between them: with one, words that differ in their highest bits alone could cancel each other.
  const product = Math.imul(hash ^ word, FIRST_FACTOR);
  return Math.imul((product << 15) | (product >>> 17), SECOND_FACTOR);
}

/** The finished hash, in which every bit counts. */
export function mixed(hash: number): number {
  let bits = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return bits ^ (bits >>> 16);
}
