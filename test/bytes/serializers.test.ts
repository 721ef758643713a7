import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TypeInformation } from '../../lib/api/type-information.ts';
import { DataInput } from '../../lib/bytes/data-input.ts';
import { Types } from '../../lib/bytes/types.ts';
import { SerializationError } from '../../lib/errors.ts';
import { hex, read, write } from '../support/bytes.ts';

describe("values have the bytes of Flink's serializers", () => {
  it.each([
    ['', '01'],
    ['abc', '04616263'],
    ['é', '02e901'],
    ['€', '02ac41'],
    ['\u{1F600}', '03bdb00380bc03'],
    ['x'.repeat(127), `8001${'78'.repeat(127)}`],
    ['x'.repeat(128), `8101${'78'.repeat(128)}`],
  ])('STRING %j', (text, expected) => {
    expect(hex(write(Types.STRING, text))).toBe(expected);
    expect(read(Types.STRING, Buffer.from(expected, 'hex'))).toBe(text);
  });

  it.each([
    [42, '000000000000002a'],
    [-1, 'ffffffffffffffff'],
    [2 ** 53 - 1, '001fffffffffffff'],
    [-(2 ** 53 - 1), 'ffe0000000000001'],
    [2 ** 32, '0000000100000000'],
    [2 ** 31, '0000000080000000'],
  ])('LONG and BIGINT %d', (value, expected) => {
    expect(hex(write(Types.LONG, value))).toBe(expected);
    expect(read(Types.LONG, Buffer.from(expected, 'hex'))).toBe(value);
    expect(hex(write(Types.BIGINT, BigInt(value)))).toBe(expected);
    expect(read(Types.BIGINT, Buffer.from(expected, 'hex'))).toBe(BigInt(value));
  });

  it.each([
    [1.5, '3ff8000000000000'],
    [-0, '8000000000000000'],
    [Number.NaN, '7ff8000000000000'],
    [Number.POSITIVE_INFINITY, '7ff0000000000000'],
  ])('DOUBLE %d', (value, expected) => {
    expect(hex(write(Types.DOUBLE, value))).toBe(expected);
    expect(read(Types.DOUBLE, Buffer.from(expected, 'hex'))).toBe(value);
  });

  it('BOOLEAN and BYTES', () => {
    expect(hex(write(Types.BOOLEAN, true))).toBe('01');
    expect(hex(write(Types.BOOLEAN, false))).toBe('00');
    expect(hex(write(Types.BYTES, Uint8Array.of(1, 2, 255)))).toBe('000000030102ff');
  });
});

describe('values come back as they were', () => {
  const cases: readonly (readonly [string, TypeInformation<unknown>, fc.Arbitrary<unknown>])[] = [
    ['STRING', Types.STRING, fc.string({ unit: 'binary', maxLength: 80 })],
    ['LONG', Types.LONG, fc.maxSafeInteger()],
    ['BIGINT', Types.BIGINT, fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })],
    ['DOUBLE', Types.DOUBLE, fc.double()],
    ['BOOLEAN', Types.BOOLEAN, fc.boolean()],
    ['BYTES', Types.BYTES, fc.uint8Array({ maxLength: 300 })],
    ['JSON', Types.JSON(), fc.jsonValue().map((value) => JSON.parse(JSON.stringify(value)))],
  ];

  it.each(cases)('%s', (_name, type, values) => {
    fc.assert(
      fc.property(values, (value) => {
        expect(read(type, write(type, value))).toEqual(value);
      }),
    );
  });

  it('a string of any UTF-16 units, lone surrogates too', () => {
    const units = fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 60 });
    fc.assert(
      fc.property(units, (codes) => {
        const text = String.fromCharCode(...codes);
        expect(read(Types.STRING, write(Types.STRING, text))).toBe(text);
      }),
    );
  });
});

describe('what a type can not hold is refused, naming the value', () => {
  it.each([
    ['LONG', Types.LONG, Number.NaN, /LONG must be a safe integer.*NaN/],
    ['LONG', Types.LONG, 1.5, /safe integer.*1\.5/],
    ['LONG', Types.LONG, 2 ** 53, /safe integer/],
    ['LONG', Types.LONG, '1', /safe integer.*"1"/],
    ['BIGINT', Types.BIGINT, 2n ** 63n, /BIGINT must be a bigint/],
    ['BIGINT', Types.BIGINT, 1, /BIGINT must be a bigint.*1/],
    ['STRING', Types.STRING, 5, /STRING must be a string; received 5/],
    ['STRING', Types.STRING, undefined, /STRING must be a string; received undefined/],
    ['DOUBLE', Types.DOUBLE, '1.5', /DOUBLE must be a number/],
    ['BOOLEAN', Types.BOOLEAN, 1, /BOOLEAN must be true or false/],
    ['BYTES', Types.BYTES, [1, 2], /BYTES must be a Uint8Array; received an instance of Array/],
    ['JSON', Types.JSON(), undefined, /JSON can not hold undefined/],
    ['JSON', Types.JSON(), { a: [Number.NaN] }, /JSON can not hold NaN/],
    ['JSON', Types.JSON(), 5n, /JSON can not hold 5n/],
  ] as const)('%s', (_name, type, value, message) => {
    expect(() => write(type as TypeInformation<unknown>, value)).toThrow(SerializationError);
    expect(() => write(type as TypeInformation<unknown>, value)).toThrow(message);
  });

  it('a LONG that was stored beyond the safe integers', () => {
    expect(() => read(Types.LONG, write(Types.BIGINT, 2n ** 60n))).toThrow(/beyond the integers/);
  });

  it.each([
    ['a null string', Types.STRING, '00', /null/],
    ['a cut string', Types.STRING, '0561', /only/],
    ['a cut long', Types.LONG, '0000', /8 bytes|4 bytes/],
    ['a negative length', Types.BYTES, 'ffffffff', /-1 bytes/],
    ['bytes that are no JSON', Types.JSON(), '000000017b', /not JSON/],
  ] as const)('%s', (_name, type, bytes, message) => {
    const input = new DataInput(Buffer.from(bytes, 'hex'));
    expect(() => (type as TypeInformation<unknown>).serializer.deserialize(input)).toThrow(SerializationError);
    input.setWindow(0, bytes.length / 2);
    expect(() => (type as TypeInformation<unknown>).serializer.deserialize(input)).toThrow(message);
  });
});
