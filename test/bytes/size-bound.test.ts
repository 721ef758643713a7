import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TypeInformation } from '../../lib/api/type-information.ts';
import { toSerialized } from '../../lib/bytes/serialized.ts';
import { isWritable, maxBytesOf } from '../../lib/bytes/size-bound.ts';
import { Types } from '../../lib/bytes/types.ts';

const ANYTHING = fc.anything({ withBigInt: true, withDate: true, withMap: true, withSparseArray: true, maxDepth: 3 });
const SAFE = fc.maxSafeInteger();
const WINDOW = fc.record({ start: SAFE, end: SAFE });

const CASES: readonly (readonly [TypeInformation<unknown>, fc.Arbitrary<unknown>])[] = [
  [Types.LONG, SAFE],
  [Types.INT, fc.integer()],
  [Types.BYTE, fc.integer({ min: -128, max: 127 })],
  [Types.DOUBLE, fc.double()],
  [Types.BOOLEAN, fc.boolean()],
  [Types.STRING, fc.string({ unit: 'binary' })],
  [Types.TIME_WINDOW, WINDOW],
  [Types.TUPLE(Types.LONG, Types.STRING), fc.tuple(SAFE, fc.string())],
  [Types.LIST(Types.TUPLE(Types.LONG)), fc.array(fc.tuple(SAFE))],
  [Types.JSON(), fc.jsonValue({ stringUnit: 'binary' })],
] as (readonly [TypeInformation<unknown>, fc.Arbitrary<unknown>])[];

describe.each(CASES.map(([type, values]) => ({ name: type.name, type, values })))(
  'the bound of $name',
  ({ type, values }) => {
    const { serializer } = type;

    it('is there for all usual values, and no less than their bytes', () => {
      fc.assert(
        fc.property(values, (value) => {
          const bound = maxBytesOf(value, serializer);
          expect(bound).toBeLessThan(Number.POSITIVE_INFINITY);
          expect(toSerialized(value, serializer).length).toBeLessThanOrEqual(bound);
        }),
      );
    });

    it('is infinite for all that can not be written', () => {
      fc.assert(
        fc.property(fc.oneof(ANYTHING, fc.array(ANYTHING), fc.tuple(ANYTHING, ANYTHING)), (value) => {
          if (isWritable(value, serializer)) {
            expect(() => toSerialized(value, serializer)).not.toThrow();
          }
        }),
      );
    });
  },
);

describe('the bound of JSON', () => {
  const cycle: Record<string, unknown> = {};
  Object.assign(cycle, { one: cycle, other: [cycle, cycle] });
  const unreadable = {
    get value(): never {
      throw new Error('unreadable');
    },
  };

  it.each([
    ['a cycle', cycle],
    ['what says itself what its JSON is', { toJSON: () => 1 }],
    ['a list that does', Object.assign([1], { toJSON: () => 1 })],
    ['a property that can not be read', unreadable],
    ['an undefined property', { a: undefined }],
    ['very long texts', ['a'.repeat(2 ** 24)]],
  ])('is infinite for %s', (_what, value) => {
    expect(maxBytesOf(value, Types.JSON().serializer)).toBe(Number.POSITIVE_INFINITY);
  });
});
