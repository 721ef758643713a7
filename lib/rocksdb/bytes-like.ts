// Keys and values as users give them.
import { describe, typeError } from '../errors.ts';

/** Bytes, or a string that stands for its UTF-8 bytes. */
export type BytesLike = Uint8Array | string;

const encoder = new TextEncoder();

/** @throws TypeError `ERR_INVALID_BYTES` for anything else. */
export function toBytes(value: BytesLike, what: string): Uint8Array {
  if (typeof value === 'string') {
    return encoder.encode(value);
  }
  if (value instanceof Uint8Array) {
    return value;
  }
  throw typeError('ERR_INVALID_BYTES', `The ${what} must be a Uint8Array or a string; received ${describe(value)}.`);
}

/** The smallest key that is greater than every key with this prefix; `undefined` when there is none. */
export function prefixEnd(prefix: Uint8Array): Uint8Array | undefined {
  for (let i = prefix.length - 1; i >= 0; i--) {
    const byte = prefix[i] as number;
    if (byte < 0xff) {
      const end = prefix.slice(0, i + 1);
      end[i] = byte + 1;
      return end;
    }
  }
  return undefined;
}
