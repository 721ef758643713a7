// How long keys, values and buffers may be.
import { constants } from 'node:buffer';
import { RocksDBError } from '../errors.ts';

/** The longest value, in bytes: 2^31-1, as in Flink. */
export const MAX_BYTES: number = 2 ** 31 - 1;

/**
 * The longest key, in bytes: 2^28. RocksDB keeps many copies of a key while it writes files, so that longer ones take more
 * memory than there is, and counts key and value together in 32 bits.
 */
export const MAX_KEY_BYTES: number = 2 ** 28;

/** The longest buffer that this Node.js can make, in bytes. */
export const MAX_BUFFER_BYTES: number = constants.MAX_LENGTH;

/** Something that is over a limit. */
export function tooLarge(message: string): RocksDBError {
  return new RocksDBError(message, { code: 'ERR_ROCKSDB_TOO_LARGE', subcode: 'NONE', severity: 'NO_ERROR' });
}

/** @throws RocksDBError `ERR_ROCKSDB_TOO_LARGE` when `length` is over the limit. */
export function checkLength(what: 'key' | 'value', length: number): void {
  const limit = what === 'key' ? MAX_KEY_BYTES : MAX_BYTES;
  if (length > limit) {
    throw tooLarge(`A ${what} may be up to ${limit} bytes long; this one has ${length}.`);
  }
}

/** As {@link checkLength}, of a key and its value. */
export function checkRow(keyLength: number, valueLength: number): void {
  if (keyLength > MAX_KEY_BYTES || valueLength > MAX_BYTES) {
    checkLength('key', keyLength);
    checkLength('value', valueLength);
  }
}

/** The length of a buffer that grows from `length` to hold `needed` bytes: twice as long, as far as the limit allows. */
export function grownLength(length: number, needed: number, limit: number): number {
  if (needed > limit) {
    throw tooLarge(`${needed} bytes are to be written into one buffer, which may be up to ${limit} bytes long.`);
  }
  return Math.min(Math.max(needed, 2 * length), limit);
}
