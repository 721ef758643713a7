// The id that Flink gives an operator from its uid: MurmurHash3 (x64, 128 bits, seed 0) of the uid in UTF-8, both halves
// little-endian.
const MASK = 0xffff_ffff_ffff_ffffn;
const C1 = 0x87c3_7b91_1142_53d5n;
const C2 = 0x4cf5_ad43_2745_937fn;
const BLOCK_BYTES = 16;

/**
 * The id of the operator with this uid, as 32 hexadecimal digits.
 *
 * @param uid - as given to `uid(…)` in Flink's program.
 */
export function operatorIdOf(uid: string): string {
  const bytes = new TextEncoder().encode(uid);
  const hash = Buffer.alloc(BLOCK_BYTES);
  const [low, high] = murmur3(bytes);
  hash.writeBigUInt64LE(low, 0);
  hash.writeBigUInt64LE(high, 8);
  return hash.toString('hex');
}

function murmur3(bytes: Uint8Array): readonly [bigint, bigint] {
  let h1 = 0n;
  let h2 = 0n;
  const tailStart = bytes.length - (bytes.length % BLOCK_BYTES);
  for (let start = 0; start < tailStart; start += BLOCK_BYTES) {
    h1 ^= mixLow(littleEndian(bytes, start, 8));
    h1 = times(rotate(h1, 27n) + h2, 5n, 0x52dc_e729n);
    h2 ^= mixHigh(littleEndian(bytes, start + 8, 8));
    h2 = times(rotate(h2, 31n) + h1, 5n, 0x3849_5ab5n);
  }
  h2 ^= mixHigh(littleEndian(bytes, tailStart + 8, 8));
  h1 ^= mixLow(littleEndian(bytes, tailStart, 8));
  const length = BigInt(bytes.length);
  h1 = (h1 ^ length) & MASK;
  h2 = (h2 ^ length) & MASK;
  h1 = (h1 + h2) & MASK;
  h2 = (h2 + h1) & MASK;
  h1 = finish(h1);
  h2 = finish(h2);
  h1 = (h1 + h2) & MASK;
  return [h1, (h2 + h1) & MASK];
}

function mixLow(block: bigint): bigint {
  return (rotate((block * C1) & MASK, 31n) * C2) & MASK;
}

function mixHigh(block: bigint): bigint {
  return (rotate((block * C2) & MASK, 33n) * C1) & MASK;
}

function times(value: bigint, factor: bigint, plus: bigint): bigint {
  return (value * factor + plus) & MASK;
}

function finish(half: bigint): bigint {
  let mixed = ((half ^ (half >> 33n)) * 0xff51_afd7_ed55_8ccdn) & MASK;
  mixed = ((mixed ^ (mixed >> 33n)) * 0xc4ce_b9fe_1a85_ec53n) & MASK;
  return mixed ^ (mixed >> 33n);
}

function rotate(value: bigint, bits: bigint): bigint {
  return ((value << bits) | (value >> (64n - bits))) & MASK;
}

// As many bytes as there are, of up to `length`; 0 where there are none, which mixes to 0.
function littleEndian(bytes: Uint8Array, start: number, length: number): bigint {
  let value = 0n;
  for (let i = Math.min(start + length, bytes.length) - 1; i >= start; i--) {
    value = (value << 8n) | BigInt(bytes[i] as number);
  }
  return value;
}
