// State of built-in types that change as the documentation says they may: read, written, stored and restored as the newest.
import avro from 'avsc';
import { describe, expect, it } from 'vitest';
import { ValueStateDescriptor } from '../../lib/api/descriptors.ts';
import { Types } from '../../lib/bytes/types.ts';
import { StateMigrationError } from '../../lib/errors.ts';
import { type Change, KINDS, NAME, Programs, Steps } from '../support/evolving-state.ts';
import { PLAIN_BACKENDS, withBackend } from '../support/with-backend.ts';

/** What the older program is told of the newer state. */
interface BuiltIn extends Change {
  readonly refusal: string | RegExp;
}

const UPGRADES = [
  (v0: { first: string; last: string }) => ({ name: `${v0.first} ${v0.last}` }),
  (v1: { name: string }) => ({ ...v1, tags: [] as string[] }),
];
const PEOPLE = [
  [
    { first: 'a', last: 'b' },
    { name: 'a b', tags: [] },
  ],
  [
    { first: '', last: 'ü' },
    { name: ' ü', tags: [] },
  ],
];
const POINT = Types.STRUCT({ x: Types.INT, y: Types.INT });
const WIDE_POINT = Types.STRUCT({ z: { type: Types.INT, default: 7 }, y: Types.LONG, x: Types.DOUBLE });

const avroType = (fields: readonly object[]) =>
  Types.AVRO(avro.Type.forSchema({ type: 'record', name: 'Person', fields } as avro.Schema));

const CHANGES = [
  {
    change: 'STRUCT with a field more, with a default',
    stored: Types.STRUCT({ name: Types.STRING }),
    declared: Types.STRUCT({ name: Types.STRING, age: { type: Types.INT, default: 3 } }),
    values: [
      [{ name: 'a' }, { name: 'a', age: 3 }],
      [{ name: '' }, { name: '', age: 3 }],
    ],
    refusal: '',
  },
  {
    change: 'STRUCT with a field less, in another order, wider, and nullable',
    stored: Types.STRUCT({ name: Types.STRING, age: Types.INT, fax: Types.STRING, isNew: Types.BOOLEAN }),
    declared: Types.STRUCT({
      isNew: Types.NULLABLE(Types.BOOLEAN),
      email: Types.NULLABLE(Types.STRING),
      age: Types.LONG,
      name: Types.STRING,
    }),
    values: [
      [
        { name: 'a', age: -1, fax: '1', isNew: true },
        { isNew: true, email: null, age: -1, name: 'a' },
      ],
      [
        { name: '', age: 2, fax: '', isNew: false },
        { isNew: false, email: null, age: 2, name: '' },
      ],
    ],
    refusal: /field '(isNew|age)'/,
  },
  {
    change: 'LIST of STRUCT',
    stored: Types.LIST(POINT),
    declared: Types.LIST(WIDE_POINT),
    values: [
      [
        [
          { x: 1, y: 2 },
          { x: 3, y: 4 },
        ],
        [
          { z: 7, y: 2, x: 1 },
          { z: 7, y: 4, x: 3 },
        ],
      ],
      [[], []],
    ],
    refusal: /field '(x|y)'/,
  },
  {
    change: 'MAP to STRUCT',
    stored: Types.MAP(Types.STRING, POINT),
    declared: Types.MAP(Types.STRING, WIDE_POINT),
    values: [
      [new Map([['p', { x: 1, y: 2 }]]), new Map([['p', { z: 7, y: 2, x: 1 }]])],
      [new Map(), new Map()],
    ],
    refusal: /field '(x|y)'/,
  },
  {
    change: 'JSON with upgrades',
    stored: Types.JSON(),
    declared: Types.JSON({ upgrades: UPGRADES }),
    values: PEOPLE,
    refusal: 'JSON of version 2 is newer than version 0',
  },
  {
    change: 'MSGPACK with another upgrade',
    stored: Types.MSGPACK({ upgrades: UPGRADES.slice(0, 1) }),
    declared: Types.MSGPACK({ upgrades: UPGRADES }),
    values: [
      [{ name: 'a' }, { name: 'a', tags: [] }],
      [{ name: '' }, { name: '', tags: [] }],
    ],
    refusal: 'MSGPACK of version 2 is newer than version 1',
  },
  {
    change: 'AVRO with another field, and an alias',
    stored: avroType([
      { name: 'name', type: 'string' },
      { name: 'age', type: 'int' },
    ]),
    declared: avroType([
      { name: 'years', type: 'long', aliases: ['age'] },
      { name: 'name', type: 'string' },
      { name: 'tag', type: 'string', default: 'x' },
    ]),
    values: [
      [
        { name: 'a', age: 3 },
        { years: 3, name: 'a', tag: 'x' },
      ],
      [
        { name: '', age: -3 },
        { years: -3, name: '', tag: 'x' },
      ],
    ],
    refusal: 'age',
  },
  {
    change: 'ENUM with more names, in another order',
    stored: Types.ENUM('a', 'b'),
    declared: Types.ENUM('b', 'z', 'a'),
    values: [
      ['a', 'a'],
      ['b', 'b'],
    ],
    refusal: "'z'",
  },
] as unknown as readonly BuiltIn[];

const CASES = KINDS.flatMap((kind) => CHANGES.map((change) => ({ ...kind, ...change })));

describe.each(Object.entries(PLAIN_BACKENDS))('on %s', (_, create) => {
  describe.each(['checkpoint', 'savepoint'] as const)('from a %s', (source) => {
    it.each(CASES)('$kind state of $change is migrated, and is refused to the older program', (each) =>
      withBackend(create, async (bench) => {
        const programs = new Programs(bench, source);
        const steps = new Steps(programs, each, each);
        await programs.next();
        steps.fill(steps.stored());
        const newest = steps.declared();
        await programs.next();
        steps.expectContent(newest, ['a']);
        steps.fillDeclared('c', newest);
        await programs.next([newest]);
        steps.expectContent(newest, ['a', 'b', 'c']);
        await programs.next();
        if (each.refusal !== '') {
          const older = () => programs.under('a', steps.stored());
          expect(older).toThrow(StateMigrationError);
          expect(older).toThrow(`State '${NAME}' is stored as`);
          expect(older).toThrow(each.refusal);
        }
        steps.expectContent(newest, ['a', 'b', 'c']);
      }),
    );

    it('the values of windows are migrated, and their windows stay', () =>
      withBackend(create, async (bench) => {
        const programs = new Programs(bench, source);
        const windows = [
          { start: -10, end: 0 },
          { start: 0, end: 10 },
        ];
        const at = (descriptor: ValueStateDescriptor<object>, namespace: (typeof windows)[number]) => {
          programs.keyed.setCurrentKey('a');
          return programs.keyed.getPartitionedState(descriptor, { namespace, namespaceType: Types.TIME_WINDOW });
        };
        const of = (type: unknown): ValueStateDescriptor<object> => new ValueStateDescriptor(NAME, type as never);
        await programs.next();
        windows.forEach((window, index) => {
          at(of(POINT), window).update({ x: index, y: 1 });
        });
        const newest = of(WIDE_POINT);
        for (let program = 0; program < 2; program++) {
          await programs.next();
          expect(windows.map((window) => at(newest, window).value())).toEqual([
            { x: 0, y: 1, z: 7 },
            { x: 1, y: 1, z: 7 },
          ]);
          expect([...programs.keyed.getKeysAndNamespaces(NAME, Types.TIME_WINDOW)]).toEqual(
            expect.arrayContaining(windows.map((window) => ['a', window])),
          );
        }
      }));
  });
});
