// The hash codes that Java gives to equal values. Key groups are computed from them, so they decide where state lives.

const doubleBits = new DataView(new ArrayBuffer(8));

/** `String.hashCode`: s[0]·31^(n-1) + … over UTF-16 units, in 32 bits. */
export function stringHashCode(value: string): number {
  let hash = 0;
  for (let i = 0; i < value.length; i++) {
    hash = (Math.imul(31, hash) + value.charCodeAt(i)) | 0;
  }
  return hash;
}

/** `Long.hashCode`: low word XOR high word. */
export function longHashCode(value: number): number {
  return (value | 0) ^ Math.floor(value / 0x1_0000_0000);
}

/** `Long.hashCode` of a bigint. */
export function bigintHashCode(value: bigint): number {
  return Number(BigInt.asIntN(32, value ^ (value >> 32n)));
}

/** `Double.hashCode`: low word XOR high word of the bits, every NaN alike. */
export function doubleHashCode(value: number): number {
  doubleBits.setFloat64(0, value);
  return doubleBits.getInt32(0) ^ doubleBits.getInt32(4);
}

/** `Boolean.hashCode`. */
export function booleanHashCode(value: boolean): number {
  return value ? 1231 : 1237;
}

/** `Arrays.hashCode(byte[])`: 31·hash + signed byte, from 1. */
export function bytesHashCode(value: Uint8Array): number {
  let hash = 1;
  for (const byte of value) {
    hash = (Math.imul(31, hash) + ((byte << 24) >> 24)) | 0;
  }
  return hash;
}
