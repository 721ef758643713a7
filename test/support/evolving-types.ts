// Types with values of theirs, and what types can become.
import fc from 'fast-check';
import type { TypeInformation } from '../../lib/api/type-information.ts';
import type { NamedField } from '../../lib/bytes/struct-type.ts';
import { structOf } from '../../lib/bytes/struct-type.ts';
import { Types } from '../../lib/bytes/types.ts';

type AnyType = TypeInformation<unknown>;

/** A type, values of it, and how it may become another. */
export interface Sample {
  readonly type: AnyType;
  readonly values: fc.Arbitrary<unknown>;
}

/** A type that has been stored, and the one that it has become. */
export interface Evolution {
  readonly stored: AnyType;
  readonly values: fc.Arbitrary<unknown>;
  readonly declared: AnyType;
}

const INTS = fc.integer({ min: -128, max: 127 });

function simple<T>(type: TypeInformation<T>, values: fc.Arbitrary<T>): Sample {
  return { type: type as AnyType, values };
}

const SIMPLE: readonly Sample[] = [
  simple(Types.STRING, fc.string({ unit: 'binary' })),
  simple(Types.BYTE, INTS),
  simple(Types.SHORT, fc.integer({ min: -(2 ** 15), max: 2 ** 15 - 1 })),
  simple(Types.INT, fc.integer()),
  simple(Types.LONG, fc.maxSafeInteger()),
  simple(Types.BIGINT, fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })),
  simple(Types.FLOAT, fc.float()),
  simple(Types.DOUBLE, fc.double()),
  simple(Types.BOOLEAN, fc.boolean()),
  simple(
    Types.CHAR,
    fc.string({ unit: 'binary', minLength: 1 }).map((text) => text.charAt(0)),
  ),
  simple(Types.BIG_INT, fc.bigInt()),
  simple(Types.BYTES, fc.uint8Array()),
  simple(Types.DATE, fc.date({ noInvalidDate: true })),
  simple(
    Types.INSTANT,
    fc.record({ epochSecond: fc.maxSafeInteger(), nano: fc.nat({ max: 999_999_999 }) }, { noNullPrototype: true }),
  ),
  simple(
    Types.TIME_WINDOW,
    fc.record({ start: fc.maxSafeInteger(), end: fc.maxSafeInteger() }, { noNullPrototype: true }),
  ),
  simple(Types.GLOBAL_WINDOW, fc.constant('GlobalWindow' as const)),
  simple(Types.ENUM('a', 'b'), fc.constantFrom('a' as const, 'b' as const)),
  // Not null: a NULLABLE holds that in its own way.
  simple(Types.JSON(), fc.array(fc.integer())),
  simple(Types.MSGPACK(), fc.array(fc.integer())),
  simple(Types.STRUCTURED(), fc.bigInt()),
];

/** Types made of types, with values. */
export const samples: fc.Arbitrary<Sample> = fc.letrec<{ sample: Sample }>((tie) => ({
  sample: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.constantFrom(...SIMPLE),
    tie('sample').map(listOf),
    tie('sample').map(nullableOf),
    tie('sample').map(mapOf),
    fc.array(tie('sample'), { minLength: 1, maxLength: 5 }).map(tupleOf),
    fc.array(tie('sample'), { minLength: 1, maxLength: 9 }).map(rowOf),
    fc.array(tie('sample'), { minLength: 1, maxLength: 5 }).map((fields) => structFrom(named(fields))),
  ),
})).sample;

function listOf({ type, values }: Sample): Sample {
  return { type: Types.LIST(type) as AnyType, values: fc.array(values, { maxLength: 4 }) };
}

function nullableOf({ type, values }: Sample): Sample {
  return { type: Types.NULLABLE(type), values: fc.option(values) };
}

function mapOf({ type, values }: Sample): Sample {
  const entries = fc.array(fc.tuple(fc.string(), values), { maxLength: 4 });
  return { type: Types.MAP(Types.STRING, type) as AnyType, values: entries.map((some) => new Map(some)) };
}

function tupleOf(fields: readonly Sample[]): Sample {
  return {
    type: Types.TUPLE(...fields.map(({ type }) => type)) as AnyType,
    values: fc.tuple(...fields.map(({ values }) => values)),
  };
}

function rowOf(fields: readonly Sample[]): Sample {
  const parts = fc.tuple(...fields.map(({ values }) => fc.option(values)));
  return {
    type: Types.ROW(...fields.map(({ type }) => type)) as AnyType,
    values: parts.map((some) => ({ kind: 'UPDATE_AFTER', fields: some })),
  };
}

type NamedSample = readonly [name: string, sample: Sample];

function named(fields: readonly Sample[]): NamedSample[] {
  return fields.map((field, index) => [`f${index}`, field]);
}

function structFrom(fields: readonly NamedSample[]): Sample {
  return {
    type: structOf(fields.map(([name, { type }]): NamedField => [name, type])) as AnyType,
    values: fc.record(Object.fromEntries(fields.map(([name, { values }]) => [name, values])), {
      noNullPrototype: true,
    }),
  };
}

const WIDER: readonly (readonly [Sample, TypeInformation<unknown>[]])[] = [
  [
    simple(Types.BYTE, INTS),
    [Types.SHORT, Types.INT, Types.LONG, Types.FLOAT, Types.DOUBLE, Types.BIGINT] as AnyType[],
  ],
  [SIMPLE[2] as Sample, [Types.INT, Types.LONG, Types.FLOAT, Types.DOUBLE, Types.BIGINT] as AnyType[]],
  [SIMPLE[3] as Sample, [Types.LONG, Types.DOUBLE, Types.BIGINT] as AnyType[]],
  [SIMPLE[4] as Sample, [Types.DOUBLE, Types.BIGINT] as AnyType[]],
  [SIMPLE[6] as Sample, [Types.DOUBLE] as AnyType[]],
];

const same: fc.Arbitrary<Evolution> = fc
  .constantFrom(...SIMPLE)
  .map(({ type, values }) => ({ stored: type, values, declared: type }));

const widened: fc.Arbitrary<Evolution> = fc
  .constantFrom(...WIDER)
  .chain(([{ type, values }, wider]) =>
    fc.constantFrom(...wider).map((declared) => ({ stored: type, values, declared })),
  );

/** What is declared of a field: that of a stored one, or a new one. */
interface FieldStep {
  readonly evolution: Evolution;
  readonly fate: 'kept' | 'removed' | 'added' | 'made nullable';
}

/** Types, nested to any depth, that are stored, and allowed changes of theirs. */
export const evolutions: fc.Arbitrary<Evolution> = fc.letrec<{ evolution: Evolution }>((tie) => ({
  evolution: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    same,
    widened,
    tie('evolution').map((part) => wrapped(part, listOf, (type) => Types.LIST(type) as AnyType)),
    tie('evolution').map((part) => wrapped(part, mapOf, (type) => Types.MAP(Types.STRING, type) as AnyType)),
    tie('evolution').map((part) => wrapped(part, nullableOf, Types.NULLABLE)),
    tie('evolution').map((part) => ({ ...part, declared: Types.NULLABLE(part.declared) })),
    fc.array(tie('evolution'), { minLength: 1, maxLength: 4 }).map(tupleEvolution),
    structEvolutions(tie('evolution')),
    structEvolutions(tie('evolution')),
  ),
})).evolution;

function wrapped(
  { stored, values, declared }: Evolution,
  wrap: (part: Sample) => Sample,
  declare: (type: AnyType) => AnyType,
): Evolution {
  const whole = wrap({ type: stored, values });
  return { stored: whole.type, values: whole.values, declared: declare(declared) };
}

function tupleEvolution(parts: readonly Evolution[]): Evolution {
  const whole = tupleOf(parts.map(({ stored, values }) => ({ type: stored, values })));
  return {
    stored: whole.type,
    values: whole.values,
    declared: Types.TUPLE(...parts.map(({ declared }) => declared)) as AnyType,
  };
}

function structEvolutions(parts: fc.Arbitrary<Evolution>): fc.Arbitrary<Evolution> {
  const fates = fc.constantFrom('kept', 'kept', 'removed', 'added', 'made nullable') as fc.Arbitrary<FieldStep['fate']>;
  const step = fc.record({ evolution: parts, fate: fates });
  return fc.tuple(step, fc.array(step, { maxLength: 4 }), fc.infiniteStream(fc.nat())).chain(([first, more, order]) => {
    const fields = [{ ...first, fate: 'kept' as const }, ...more].map((field, index) => ({
      ...field,
      name: `f${index}`,
    }));
    const added = fields.filter(({ fate }) => fate === 'added');
    return fc.tuple(...added.map(({ evolution }) => evolution.values)).map((defaults) => {
      const declared = fields.flatMap(({ name, fate, evolution }): [number, NamedField][] => {
        const place = order.next().value as number;
        switch (fate) {
          case 'removed':
            return [];
          case 'added': {
            const index = added.findIndex((field) => field.name === name);
            return [[place, [name, { type: evolution.stored, default: defaults[index] }]]];
          }
          case 'made nullable':
            return [[place, [name, Types.NULLABLE(evolution.declared)]]];
          default:
            return [[place, [name, evolution.declared]]];
        }
      });
      const there = fields.filter(({ fate }) => fate !== 'added');
      const whole = structFrom(
        there.map(({ name, evolution }): NamedSample => [name, { type: evolution.stored, values: evolution.values }]),
      );
      const inOrder = declared.toSorted(([a], [b]) => a - b).map(([, field]) => field);
      return { stored: whole.type, values: whole.values, declared: structOf(inOrder) as AnyType };
    });
  });
}
