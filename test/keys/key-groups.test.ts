import { describe, expect, it } from 'vitest';
import { Types } from '../../lib/bytes/types.ts';
import {
  defaultMaxParallelism,
  keyGroupOf,
  keyGroupRangeOf,
  murmurHash,
  operatorIndexOf,
} from '../../lib/keys/key-groups.ts';

// [hash code, murmur, group of 128, group of 10]
const INT_GOLDENS: readonly (readonly [number, number, number, number])[] = [
  [0, 593689054, 94, 4],
  [1, 68075478, 86, 8],
  [2, 1085422463, 127, 3],
  [3, 847579505, 113, 5],
  [42, 1134849565, 29, 5],
  [100, 616682048, 64, 8],
  [-1, 1982413648, 80, 8],
  [2147483647, 1653689534, 62, 4],
  [-2147483648, 1718298732, 108, 2],
];

const STRING_GOLDENS: readonly (readonly [string, number, number, number, number])[] = [
  ['', 0, 593689054, 94, 4],
  ['a', 97, 1455541201, 81, 1],
  ['hello', 99162322, 1715862179, 35, 9],
  ['key', 106079, 801471432, 72, 2],
  ['flink', 97520992, 1330823394, 98, 4],
  ['user-1', -836031825, 1662039673, 121, 3],
];

function hash<T>(type: { hashCode?(value: T): number }, value: T): number {
  return type.hashCode?.(value) ?? Number.NaN;
}

describe('key groups (T208)', () => {
  it.each(INT_GOLDENS)('hashes the code %i as Flink does', (code, murmur, of128, of10) => {
    expect(murmurHash(code)).toBe(murmur);
    expect(keyGroupOf(code, 128)).toBe(of128);
    expect(keyGroupOf(code, 10)).toBe(of10);
  });

  it.each(STRING_GOLDENS)('hashes the string %j as Flink does', (text, code, murmur, of128, of10) => {
    expect(hash(Types.STRING, text)).toBe(code);
    expect(murmurHash(code)).toBe(murmur);
    expect(keyGroupOf(code, 128)).toBe(of128);
    expect(keyGroupOf(code, 10)).toBe(of10);
  });

  it('places the keys of the rescaling test in groups 3 to 9', () => {
    const groups = ['13', '4', '7', '1', '6', '9', '3'].map((key) => keyGroupOf(hash(Types.STRING, key), 10));
    expect(groups).toEqual([3, 4, 5, 6, 7, 8, 9]);
  });

  it('hashes 64-bit integers by both words, as number and as bigint alike', () => {
    expect(hash(Types.LONG, -1)).toBe(0);
    expect(hash(Types.LONG, 123456789012)).toBe(-1097262584);
    for (const value of [0, 1, -1, 42, 123456789012, -123456789012, 2 ** 53 - 1, -(2 ** 53 - 1)]) {
      expect(hash(Types.BIGINT, BigInt(value))).toBe(hash(Types.LONG, value));
    }
  });

  it('hashes doubles by their bits, booleans and bytes as Java does', () => {
    expect(hash(Types.DOUBLE, 1.5)).toBe(0x3ff80000);
    expect(hash(Types.DOUBLE, Number.NaN)).toBe(0x7ff80000);
    expect(hash(Types.DOUBLE, -0)).toBe(-0x80000000);
    expect(hash(Types.BOOLEAN, true)).toBe(1231);
    expect(hash(Types.BOOLEAN, false)).toBe(1237);
    expect(hash(Types.BYTES, Uint8Array.of(1, 2, 255))).toBe(((31 + 1) * 31 + 2) * 31 - 1);
  });
});

describe('ranges of operators (T207)', () => {
  it.each([
    [128, 3, ['0-42', '43-85', '86-127']],
    [10, 2, ['0-4', '5-9']],
    [10, 3, ['0-3', '4-6', '7-9']],
    [12, 5, ['0-2', '3-4', '5-7', '8-9', '10-11']],
  ])('splits %i groups over %i operators', (groups, operators, expected) => {
    const ranges = Array.from({ length: operators }, (_, i) => keyGroupRangeOf(i, groups, operators));
    expect(ranges.map(({ start, end }) => `${start}-${end}`)).toEqual(expected);
  });

  it('covers every group once, evenly, and agrees with the owner of each group', () => {
    for (const groups of [1, 7, 10, 128, 129, 1000, 4096, 32768]) {
      for (const operators of [1, 2, 3, 5, 7, 64, 128].filter((count) => count <= groups)) {
        let next = 0;
        const sizes = new Set<number>();
        for (let index = 0; index < operators; index++) {
          const { start, end } = keyGroupRangeOf(index, groups, operators);
          expect(start).toBe(next);
          expect(operatorIndexOf(start, groups, operators)).toBe(index);
          expect(operatorIndexOf(end, groups, operators)).toBe(index);
          sizes.add(end - start + 1);
          next = end + 1;
        }
        expect(next).toBe(groups);
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
      }
    }
  });

  it.each([
    [0, 128],
    [32769, 32768],
    [2, 1],
    [1.5, 128],
  ])('refuses parallelism %d of %d (T209)', (parallelism, maxParallelism) => {
    expect(() => keyGroupRangeOf(0, maxParallelism, parallelism)).toThrow(
      expect.objectContaining({ name: 'RangeError', code: 'ERR_INVALID_PARALLELISM' }),
    );
  });

  it.each([
    [1, 128],
    [85, 128],
    [86, 256],
    [171, 256],
    [172, 512],
    [21845, 32768],
    [32768, 32768],
  ])('derives from parallelism %i a maximum of %i (T210)', (parallelism, expected) => {
    expect(defaultMaxParallelism(parallelism)).toBe(expected);
  });
});
