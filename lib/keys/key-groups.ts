// Key groups: how keys are spread over a fixed number of groups, and groups over operators. All as in Flink.
import type { KeyGroupRange } from '../api/checkpoint.ts';
import { describe, rangeError } from '../errors.ts';

/** The largest number of key groups: 2^15. */
export const MAX_KEY_GROUPS = 32768;

const MIN_DEFAULT_KEY_GROUPS = 128;

/**
 * The key group of a key: `murmur(hashCode) mod maxParallelism`.
 *
 * @param hashCode - the hash code that Java gives to the key.
 */
export function keyGroupOf(hashCode: number, maxParallelism: number): number {
  return murmurHash(hashCode) % maxParallelism;
}

/**
 * Flink's hash of a hash code: one 32-bit block of Murmur3 without a seed, made non-negative (`MathUtils.murmurHash`).
 */
export function murmurHash(hashCode: number): number {
  let hash = Math.imul(hashCode, 0xcc9e2d51);
  hash = rotateLeft(hash, 15);
  hash = Math.imul(hash, 0x1b873593);
  hash = rotateLeft(hash, 13);
  hash = (Math.imul(hash, 5) + 0xe6546b64) | 0;
  hash ^= 4;
  hash ^= hash >>> 16;
  hash = Math.imul(hash, 0x85ebca6b);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0xc2b2ae35);
  hash ^= hash >>> 16;
  if (hash >= 0) {
    return hash;
  }
  return hash === -0x8000_0000 ? 0 : -hash;
}

function rotateLeft(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}

/** The operator that owns a key group: `keyGroup · parallelism / maxParallelism`, rounded down. */
export function operatorIndexOf(keyGroup: number, maxParallelism: number, parallelism: number): number {
  return Math.floor((keyGroup * parallelism) / maxParallelism);
}

/**
 * The key groups of one operator: from `⌈index · max / parallelism⌉` to `⌈(index + 1) · max / parallelism⌉ - 1`.
 *
 * @throws RangeError `ERR_INVALID_PARALLELISM` for a parallelism or an index that is out of bounds.
 */
export function keyGroupRangeOf(operatorIndex: number, maxParallelism: number, parallelism: number): KeyGroupRange {
  checkParallelism(parallelism);
  checkMaxParallelism(maxParallelism);
  if (maxParallelism < parallelism) {
    throw rangeError(
      'ERR_INVALID_PARALLELISM',
      `Maximum parallelism must not be smaller than parallelism; received ${maxParallelism} and ${parallelism}.`,
    );
  }
  if (!Number.isInteger(operatorIndex) || operatorIndex < 0 || operatorIndex >= parallelism) {
    throw rangeError(
      'ERR_INVALID_PARALLELISM',
      `The operator index must be from 0 to ${parallelism - 1}; received ${describe(operatorIndex)}.`,
    );
  }
  return {
    start: Math.ceil((operatorIndex * maxParallelism) / parallelism),
    end: Math.ceil(((operatorIndex + 1) * maxParallelism) / parallelism) - 1,
  };
}

/** Flink's default number of key groups: one and a half times the parallelism, rounded up to a power of 2, 128 to 32768. */
export function defaultMaxParallelism(parallelism: number): number {
  checkParallelism(parallelism);
  const wanted = parallelism + Math.floor(parallelism / 2);
  const power = 2 ** Math.ceil(Math.log2(wanted));
  return Math.min(Math.max(power, MIN_DEFAULT_KEY_GROUPS), MAX_KEY_GROUPS);
}

/** The key groups that two ranges have in common; undefined where there are none. */
export function intersection(a: KeyGroupRange, b: KeyGroupRange): KeyGroupRange | undefined {
  const start = Math.max(a.start, b.start);
  const end = Math.min(a.end, b.end);
  return start <= end ? { start, end } : undefined;
}

/** @throws RangeError `ERR_INVALID_PARALLELISM`. */
export function checkMaxParallelism(maxParallelism: number): void {
  if (!Number.isInteger(maxParallelism) || maxParallelism < 1 || maxParallelism > MAX_KEY_GROUPS) {
    throw rangeError(
      'ERR_INVALID_PARALLELISM',
      `maxParallelism must be an integer from 1 to ${MAX_KEY_GROUPS}; received ${describe(maxParallelism)}.`,
    );
  }
}

/** @throws RangeError `ERR_INVALID_KEY_GROUP_RANGE`. */
export function checkKeyGroupRange(range: KeyGroupRange, maxParallelism: number): void {
  const { start, end } = range;
  if (!Number.isInteger(start) || !Number.isInteger(end) || start < 0 || end < start || end >= maxParallelism) {
    throw rangeError(
      'ERR_INVALID_KEY_GROUP_RANGE',
      `A key group range must lie within 0 to ${maxParallelism - 1}, the start not after the end; ` +
        `received ${describe(start)} to ${describe(end)}.`,
    );
  }
}

function checkParallelism(parallelism: number): void {
  if (!Number.isInteger(parallelism) || parallelism < 1 || parallelism > MAX_KEY_GROUPS) {
    throw rangeError(
      'ERR_INVALID_PARALLELISM',
      `Operator parallelism not within bounds: it must be an integer from 1 to ${MAX_KEY_GROUPS}; ` +
        `received ${describe(parallelism)}.`,
    );
  }
}
