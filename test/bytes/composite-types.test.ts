import fc from 'fast-check';
import { describe, expect, expectTypeOf, it } from 'vitest';
import type { TypeInformation } from '../../lib/api/type-information.ts';
import type { Instant } from '../../lib/bytes/instant-serializer.ts';
import type { Row } from '../../lib/bytes/row-type.ts';
import { Types } from '../../lib/bytes/types.ts';
import { SerializationError } from '../../lib/errors.ts';
import { read, write } from '../support/bytes.ts';

interface Sample {
  readonly type: TypeInformation<unknown>;
  readonly values: fc.Arbitrary<unknown>;
}

const SIMPLE: readonly Sample[] = [
  { type: Types.STRING, values: fc.string({ unit: 'binary' }) },
  { type: Types.LONG, values: fc.maxSafeInteger() },
  { type: Types.BIG_INT, values: fc.bigInt() },
  { type: Types.DOUBLE, values: fc.double() },
  { type: Types.BYTES, values: fc.uint8Array() },
  { type: Types.DATE, values: fc.date({ noInvalidDate: true }) },
  { type: Types.BOOLEAN, values: fc.boolean() },
  { type: Types.ENUM('a', 'b') as TypeInformation<unknown>, values: fc.constantFrom('a', 'b') },
];

const KINDS = ['INSERT', 'UPDATE_BEFORE', 'UPDATE_AFTER', 'DELETE'];

// Types made of types, to any depth.
const samples: fc.Arbitrary<Sample> = fc.letrec<{ sample: Sample }>((tie) => {
  const some = fc.array(tie('sample'), { minLength: 1, maxLength: 9, size: 'small' });
  return {
    sample: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      fc.constantFrom(...SIMPLE),
      tie('sample').map(({ type, values }) => ({
        type: Types.LIST(type) as TypeInformation<unknown>,
        values: fc.array(values, { maxLength: 4 }),
      })),
      tie('sample').map(({ type, values }) => ({ type: Types.NULLABLE(type), values: fc.option(values) })),
      tie('sample').map(({ type, values }) => ({
        type: Types.MAP(Types.STRING, type) as TypeInformation<unknown>,
        values: fc.array(fc.tuple(fc.string(), values), { maxLength: 4 }).map((entries) => new Map(entries)),
      })),
      some.map((fields) => ({
        type: Types.TUPLE(...fields.map((field) => field.type)) as TypeInformation<unknown>,
        values: fc.tuple(...fields.map((field) => field.values)),
      })),
      some.map((fields) => ({
        type: Types.ROW(...fields.map((field) => field.type)) as TypeInformation<unknown>,
        values: fc.record(
          {
            kind: fc.constantFrom(...KINDS),
            fields: fc.tuple(...fields.map((field) => fc.option(field.values))),
          },
          { noNullPrototype: true },
        ),
      })),
    ),
  };
}).sample;

describe('values of types made of types', () => {
  it('come back as they were, in as many bytes as the type says', () => {
    const pairs = samples.chain(({ type, values }) => values.map((value) => [type, value] as const));
    fc.assert(
      fc.property(pairs, ([type, value]) => {
        const bytes = write(type, value);
        expect(read(type, bytes)).toStrictEqual(value);
        expect([-1, bytes.length]).toContain(type.serializer.length);
      }),
      { numRuns: 500 },
    );
  });

  it('have equal hash codes when they are equal, whatever the order of a map', () => {
    const type = Types.MAP(Types.STRING, Types.LIST(Types.LONG));
    const entries = fc.uniqueArray(fc.tuple(fc.string(), fc.array(fc.maxSafeInteger())), { selector: ([key]) => key });
    fc.assert(
      fc.property(entries, (some) => {
        expect(type.hashCode?.(new Map(some))).toBe(type.hashCode?.(new Map(some.toReversed())));
      }),
    );
  });

  it('NULLABLE of NULLABLE is NULLABLE', () => {
    const once = Types.NULLABLE(Types.LONG);
    expect(Types.NULLABLE(once)).toBe(once);
    expect(Types.ROW(once).serializer.id).toBe(Types.ROW(Types.LONG).serializer.id);
  });
});

describe('what they can not hold is refused, naming the place', () => {
  const pair = Types.TUPLE(Types.STRING, Types.INT);
  const cases: readonly (readonly [TypeInformation<unknown>, unknown, string, RegExp])[] = [
    [Types.LIST(Types.LONG), [1, undefined], '[1]', /LONG must be a safe integer.*received undefined/],
    [Types.LIST(Types.LONG), 'no list', '', /^A LIST\(LONG\) must be an array; received "no list"/],
    [Types.LIST(Types.JSON()), [undefined], '[0]', /JSON can not hold undefined/],
    [
      Types.LIST(pair) as TypeInformation<unknown>,
      [
        ['a', 1],
        ['b', 1.5],
      ],
      '[1][1]',
      /INT must be an integer.*1\.5/,
    ],
    [pair as TypeInformation<unknown>, ['a'], '', /TUPLE\(STRING, INT\) must be an array of length 2; .* of length 1/],
    [pair as TypeInformation<unknown>, { 0: 'a', 1: 2 }, '', /instance of Object/],
    [Types.MAP(Types.STRING, pair), new Map([['k', ['a', 'b']]]), '.get("k")[1]', /INT must be/],
    [Types.MAP(Types.STRING, pair), new Map([[5, ['a', 1]]]), '.keys(5)', /STRING must be/],
    [Types.MAP(Types.STRING, Types.LONG), new Map([['k', null]]), '.get("k")', /LONG must be .* null/],
    [Types.MAP(Types.STRING, Types.LONG), { k: 1 }, '', /MAP\(STRING, LONG\) must be a Map; .*instance of Object/],
    [Types.ROW(Types.INT, Types.INT), { kind: 'INSERT', fields: [null, 1.5] }, '.fields[1]', /INT must be/],
    [Types.ROW(Types.INT), { kind: 'INSERT', fields: [undefined] }, '.fields[0]', /INT must be .* undefined/],
    [Types.ROW(Types.INT), { kind: 'insert', fields: [1] }, '', /one of INSERT, .*kind: "insert"/],
    [Types.ROW(Types.INT), { kind: 'INSERT', fields: [] }, '', /array of length 1; .*array of length 0/],
    [Types.ROW(Types.INT), [1], '', /must be \{ kind, fields \}.*instance of Array/],
    [Types.NULLABLE(Types.INT) as TypeInformation<unknown>, undefined, '', /INT must be .* undefined/],
  ];

  it.each(cases)('%o %j', (type, value, path, message) => {
    let error: unknown;
    try {
      write(type, value);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(SerializationError);
    expect(error).toMatchObject({ path, reason: expect.stringMatching(message) });
    expect((error as Error).message.startsWith(path === '' ? 'A' : `At ${path}: `)).toBe(true);
  });

  it.each([
    ['a negative size', Types.LIST(Types.LONG), 'ffffffff', /-1 elements/],
    ['a size beyond the bytes', Types.LIST(Types.LONG), '7fffffff0000000000000001', /At \[1\]: /],
    ['a null that was not expected', Types.MAP(Types.LONG, Types.LONG), '00000001000000000000000101', /NULLABLE/],
    ['a cut row', Types.ROW(Types.LONG), '00', /At \.fields\[0\]: /],
    ['a cut tuple', pair, '026100', /At \[1\]: /],
  ] as const)('stored: %s', (_name, type, bytes, message) => {
    const readIt = () => read(type as TypeInformation<unknown>, Buffer.from(bytes, 'hex'));
    expect(readIt).toThrow(SerializationError);
    expect(readIt).toThrow(message);
  });

  it.each([
    ['no types', () => Types.TUPLE(), /1 to 25 types; received 0/],
    ['too many types', () => Types.TUPLE(...Array.from({ length: 26 }, () => Types.INT)), /received 26/],
    ['no type', () => Types.LIST(undefined as never), /Types\.LIST takes types.*undefined/],
    ['a type that was not called', () => Types.ROW(Types.JSON as never), /Types\.ROW takes types/],
  ])('a type of %s', (_name, make, message) => {
    expect(make).toThrow(expect.objectContaining({ name: 'TypeError', code: 'ERR_INVALID_TYPE' }));
    expect(make).toThrow(message);
  });
});

describe('types are inferred', () => {
  it('without casts', () => {
    expectTypeOf(Types.TUPLE(Types.STRING, Types.LONG)).toEqualTypeOf<TypeInformation<[string, number]>>();
    expectTypeOf(Types.LIST(Types.BIGINT)).toEqualTypeOf<TypeInformation<bigint[]>>();
    expectTypeOf(Types.MAP(Types.STRING, Types.NULLABLE(Types.INSTANT))).toEqualTypeOf<
      TypeInformation<Map<string, Instant | null>>
    >();
    expectTypeOf(Types.ROW(Types.DATE, Types.INT)).toEqualTypeOf<TypeInformation<Row<[Date | null, number | null]>>>();
    expectTypeOf(Types.ENUM('RED', 'GREEN')).toEqualTypeOf<TypeInformation<'RED' | 'GREEN'>>();
    expectTypeOf(Types.LIST(Types.TUPLE(Types.CHAR, Types.LIST(Types.BYTES)))).toEqualTypeOf<
      TypeInformation<[string, Uint8Array[]][]>
    >();
    expectTypeOf(Types.MSGPACK<{ readonly n: number }>()).toEqualTypeOf<TypeInformation<{ readonly n: number }>>();
  });
});
