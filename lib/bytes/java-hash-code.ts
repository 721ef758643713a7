// The hash codes that Java gives to equal values. Key groups are computed from them, so they decide where state lives.
import { highWordOf } from './safe-long.ts';

const bits = new DataView(new ArrayBuffer(8));

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
  return (value | 0) ^ highWordOf(value);
}

/** `Long.hashCode` of a bigint. */
export function bigintHashCode(value: bigint): number {
  return Number(BigInt.asIntN(32, value ^ (value >> 32n)));
}

/** `Double.hashCode`: low word XOR high word of the bits, every NaN alike. */
export function doubleHashCode(value: number): number {
  bits.setFloat64(0, value);
  return bits.getInt32(0) ^ bits.getInt32(4);
}

/** `Float.hashCode`: the bits, every NaN alike. */
export function floatHashCode(value: number): number {
  bits.setFloat32(0, value);
  return bits.getInt32(0);
}

/** `Byte.hashCode`, `Short.hashCode`, `Integer.hashCode`: the value. */
export function intHashCode(value: number): number {
  return value | 0;
}

/** `Character.hashCode`: the code unit. */
export function charHashCode(value: string): number {
  return value.charCodeAt(0);
}

/** `BigInteger.hashCode`: 31·hash + word over the 32-bit words of the magnitude, highest first; with the sign. */
export function bigIntegerHashCode(value: bigint): number {
  const hex = (value < 0n ? -value : value).toString(16);
  let hash = 0;
  for (let end = hex.length % 8 || 8; end <= hex.length; end += 8) {
    hash = (Math.imul(31, hash) + Number.parseInt(hex.slice(Math.max(0, end - 8), end), 16)) | 0;
  }
  return (value < 0n ? -hash : hash) | 0;
}

/** `java.util.Date.hashCode`: that of its milliseconds as a long. */
export function dateHashCode(value: Date): number {
  return longHashCode(value.getTime());
}

/** `java.time.Instant.hashCode`. */
export function instantHashCode(value: { readonly epochSecond: number; readonly nano: number }): number {
  return (longHashCode(value.epochSecond) + 51 * value.nano) | 0;
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
