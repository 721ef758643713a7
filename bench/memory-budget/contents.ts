// Keys and values that depend on a number alone: scattered keys, and values that no compression makes smaller.
const POOL_BYTES = 8 * 1024 * 1024;
const LEAST_VALUE_BYTES = 500;
const VALUE_SIZES = 1000;

/** A bijection of 32-bit numbers, so that rows that are written one after the other are far apart. */
export function scrambled(number: number): number {
  let bits = number;
  bits = Math.imul(bits ^ (bits >>> 16), 0x7feb352d);
  bits = Math.imul(bits ^ (bits >>> 15), 0x846ca68b);
  return (bits ^ (bits >>> 16)) >>> 0;
}

const pool = new Uint8Array(new Uint32Array(POOL_BYTES / 4).map((_, index) => scrambled(index)).buffer);

/** 500 to 1499 bytes: 1 KB on average. */
export function valueBytes(number: number): Uint8Array {
  const random = scrambled(number);
  const length = LEAST_VALUE_BYTES + (random % VALUE_SIZES);
  const offset = random % (POOL_BYTES - length);
  return pool.subarray(offset, offset + length);
}
