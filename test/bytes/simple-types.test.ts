import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TypeInformation } from '../../lib/api/type-information.ts';
import { Types } from '../../lib/bytes/types.ts';
import { SerializationError } from '../../lib/errors.ts';
import { hex, read, write } from '../support/bytes.ts';

describe('values come back as they were', () => {
  const dates = fc.date({ noInvalidDate: true });
  const instants = fc.record(
    { epochSecond: fc.maxSafeInteger(), nano: fc.nat(999_999_999) },
    { noNullPrototype: true },
  );
  const windows = fc.record({ start: fc.maxSafeInteger(), end: fc.maxSafeInteger() }, { noNullPrototype: true });
  const cases: readonly (readonly [string, TypeInformation<unknown>, fc.Arbitrary<unknown>])[] = [
    ['BYTE', Types.BYTE, fc.integer({ min: -128, max: 127 })],
    ['SHORT', Types.SHORT, fc.integer({ min: -32768, max: 32767 })],
    ['INT', Types.INT, fc.integer()],
    ['FLOAT', Types.FLOAT, fc.float()],
    ['CHAR', Types.CHAR, fc.nat(0xffff).map((unit) => String.fromCharCode(unit))],
    ['BIG_INT', Types.BIG_INT, fc.bigInt()],
    ['DATE', Types.DATE, dates],
    ['INSTANT', Types.INSTANT, instants],
    ['TIME_WINDOW', Types.TIME_WINDOW, windows],
    ['GLOBAL_WINDOW', Types.GLOBAL_WINDOW, fc.constant('GlobalWindow')],
    ['ENUM', Types.ENUM('a', 'b', 'c'), fc.constantFrom('a', 'b', 'c')],
  ];

  it.each(cases)('%s', (_name, type, values) => {
    fc.assert(
      fc.property(values, (value) => {
        const bytes = write(type, value);
        expect(read(type, bytes)).toStrictEqual(value);
        expect([-1, bytes.length]).toContain(type.serializer.length);
      }),
    );
  });

  it('BIG_INT around every power of 2', () => {
    for (let bits = 0n; bits < 200n; bits++) {
      for (const value of [2n ** bits - 1n, 2n ** bits, -(2n ** bits), -(2n ** bits) - 1n]) {
        expect(read(Types.BIG_INT, write(Types.BIG_INT, value))).toBe(value);
      }
    }
  });

  it('bytes that were read are a copy, also out of a Buffer', () => {
    const stored = Buffer.from('000000020102', 'hex');
    const value = read(Types.BYTES, stored);
    stored.fill(9);
    expect(value).toStrictEqual(Uint8Array.of(1, 2));
  });
});

describe('what a type can not hold is refused, naming the value and what would be right', () => {
  const cases: readonly (readonly [string, TypeInformation<unknown>, unknown, RegExp])[] = [
    ['BYTE', Types.BYTE, 128, /BYTE must be an integer from -128 to 127; received 128\./],
    ['SHORT', Types.SHORT, -32769, /SHORT must be an integer from -32768 to 32767; received -32769\./],
    ['INT', Types.INT, 2 ** 31, /INT must be an integer from -2147483648 to 2147483647; received 2147483648\./],
    ['INT', Types.INT, Number.NaN, /INT must be an integer .* received NaN\./],
    ['INT', Types.INT, 1.5, /received 1\.5\./],
    ['INT', Types.INT, 1n, /received 1n\./],
    ['INT', Types.INT, undefined, /received undefined\./],
    ['FLOAT', Types.FLOAT, 0.1, /32 bits hold exactly; received 0\.1\. .*Math\.fround.*Types\.DOUBLE/],
    ['FLOAT', Types.FLOAT, 1e300, /32 bits hold exactly/],
    ['FLOAT', Types.FLOAT, '1', /FLOAT must be a number; received "1"/],
    ['CHAR', Types.CHAR, '', /one UTF-16 unit; received ""/],
    ['CHAR', Types.CHAR, '\u{1F600}', /one UTF-16 unit; .*Types\.STRING/],
    ['BIG_INT', Types.BIG_INT, 5, /BIG_INT must be a bigint; received 5\./],
    ['DATE', Types.DATE, new Date(Number.NaN), /valid Date/],
    ['DATE', Types.DATE, 0, /DATE must be a Date; received 0\./],
    ['INSTANT', Types.INSTANT, new Date(0), /INSTANT must be \{ epochSecond, nano \}.*instance of Date.*Types\.DATE/],
    ['INSTANT', Types.INSTANT, { epochSecond: 0, nano: 1_000_000_000 }, /nano: 1000000000/],
    ['INSTANT', Types.INSTANT, { epochSecond: 0, nano: -1 }, /nano: -1/],
    ['INSTANT', Types.INSTANT, { epochSecond: 0.5, nano: 0 }, /epochSecond: 0\.5/],
    ['INSTANT', Types.INSTANT, null, /received null/],
    [
      'TIME_WINDOW',
      Types.TIME_WINDOW,
      { start: 0 },
      /TIME_WINDOW must be .*; received \{ start: 0, end: undefined \}\./,
    ],
    ['TIME_WINDOW', Types.TIME_WINDOW, { start: 0.5, end: 1 }, /received \{ start: 0\.5, end: 1 \}\./],
    ['TIME_WINDOW', Types.TIME_WINDOW, { start: 0, end: 2 ** 53 }, /end: 9007199254740992/],
    ['TIME_WINDOW', Types.TIME_WINDOW, [0, 1], /received an instance of Array/],
    ['TIME_WINDOW', Types.TIME_WINDOW, null, /received null/],
    ['GLOBAL_WINDOW', Types.GLOBAL_WINDOW, undefined, /must be "GlobalWindow"; received undefined\./],
    ['ENUM', Types.ENUM('RED', 'GREEN'), 'BLUE', /one of RED, GREEN; received "BLUE"/],
  ];

  it.each(cases)('%s %#', (_name, type, value, message) => {
    expect(() => write(type, value)).toThrow(SerializationError);
    expect(() => write(type, value)).toThrow(message);
  });

  it.each([
    ['BIG_INT null', Types.BIG_INT, '00000000', /is null/],
    ['BIG_INT of an unknown tag', Types.BIG_INT, 'ffffffff', /unknown tag -1/],
    ['BIG_INT without bytes', Types.BIG_INT, '00000004', /unknown tag 4/],
    ['BIG_INT cut', Types.BIG_INT, '0000000801', /only 1 are left/],
    ['DATE null', Types.DATE, '8000000000000000', /is null/],
    ['DATE too far', Types.DATE, '7fffffffffffffff', /beyond what a Date holds/],
    ['INSTANT null', Types.INSTANT, '800000000000000080000000', /is null/],
    ['ENUM of an unknown number', Types.ENUM('a'), '00000001', /number 1, but only 1/],
    ['ENUM of a negative number', Types.ENUM('a'), 'ffffffff', /number -1/],
  ] as const)('stored %s', (_name, type, bytes, message) => {
    const readIt = () => read(type as TypeInformation<unknown>, Buffer.from(bytes, 'hex'));
    expect(readIt).toThrow(SerializationError);
    expect(readIt).toThrow(message);
  });

  it.each([[[]], [['a', 'a']], [[1]]])('ENUM of the names %j', (names) => {
    expect(() => Types.ENUM(...(names as string[]))).toThrow(
      expect.objectContaining({ name: 'TypeError', code: 'ERR_INVALID_TYPE' }),
    );
  });
});

describe('BIG_INT writes the constants of Java shortly', () => {
  it.each([
    [0n, '00000001'],
    [1n, '00000002'],
    [10n, '00000003'],
  ])('%d', (value, bytes) => {
    expect(hex(write(Types.BIG_INT, value))).toBe(bytes);
  });
});
