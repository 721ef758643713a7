// State whose time to live is turned on, off, or changed between a snapshot and the restore, alone and together with its type.
import { describe, expect, it } from 'vitest';
import { MapStateDescriptor, type StateDescriptor } from '../../lib/api/descriptors.ts';
import { Types } from '../../lib/bytes/types.ts';
import { StateTtlConfig } from '../../lib/config/state-ttl-config.ts';
import { type Change, KINDS, type Kind, NAME, Programs, Steps } from '../support/evolving-state.ts';
import { evolvingText } from '../support/migrating-texts.ts';
import { BACKENDS, PLAIN_BACKENDS, withBackend } from '../support/with-backend.ts';

const TTL_MS = 100;

const CHANGES: readonly Change[] = [
  {
    change: 'the same type',
    stored: Types.INT,
    declared: Types.INT,
    values: [
      [1, 1],
      [-2, -2],
    ],
  },
  {
    change: 'INT becoming LONG',
    stored: Types.INT,
    declared: Types.LONG,
    values: [
      [1, 1],
      [-2, -2],
    ],
  },
  {
    change: 'STRUCT with another field',
    stored: Types.STRUCT({ name: Types.STRING, age: Types.INT }),
    declared: Types.STRUCT({
      age: Types.LONG,
      tags: { type: Types.LIST(Types.STRING), default: ['x'] },
      name: Types.STRING,
    }),
    values: [
      [
        { name: 'Ada', age: 36 },
        { age: 36, tags: ['x'], name: 'Ada' },
      ],
      [
        { name: '', age: -1 },
        { age: -1, tags: ['x'], name: '' },
      ],
    ],
  },
  {
    change: 'a type that only JavaScript reads',
    stored: evolvingText(1),
    declared: evolvingText(2),
    values: [
      ['one', 'one'],
      ['', ''],
    ],
  },
] as Change[];

// Savepoints are read in the same way by backends of one kind.
const sourcesOf = (backend: string) =>
  backend in PLAIN_BACKENDS ? (['checkpoint', 'savepoint'] as const) : (['checkpoint'] as const);

interface Case extends Kind, Change {
  readonly isDeclared: boolean;
}

/** All of them on the plain backends; what others read, and savepoints, differs by whether JavaScript is needed only. */
function casesOf(backend: string, source: string): Case[] {
  const isPlain = backend in PLAIN_BACKENDS && source === 'checkpoint';
  const changes = isPlain ? CHANGES : [CHANGES[1] as Change, CHANGES[3] as Change];
  const declaring = isPlain ? [true, false] : [false];
  return KINDS.flatMap((kind) =>
    changes.flatMap((change) => declaring.map((isDeclared) => ({ ...kind, ...change, isDeclared }))),
  );
}

describe.each(Object.entries(BACKENDS))('restored on %s', (name, create) => {
  describe.each(sourcesOf(name))('from a %s', (source) => {
    const run = (each: Case, test: (steps: Steps) => Promise<void>) =>
      withBackend(create, (bench) => test(new Steps(new Programs(bench, source), each, each)));

    describe.each(casesOf(name, source))('$kind state of $change, declared while opening: $isDeclared,', (each) => {
      const statesOf = (descriptor: StateDescriptor<unknown>) => (each.isDeclared ? [descriptor] : []);

      it('begins to expire: its values were used at the time of the migration (T081, T083)', () =>
        run(each, async (steps) => {
          const { programs } = steps;
          await programs.next();
          steps.fill(steps.stored());
          programs.now = 5000;
          const descriptor = steps.declared(TTL_MS);
          await programs.next(statesOf(descriptor));
          programs.keyed.getState(descriptor as never);
          programs.now += TTL_MS - 1;
          steps.expectContent(descriptor, ['a']);
          steps.fillDeclared('c', descriptor);
          // What was not read yet, too, is as old as the migration.
          await programs.next();
          steps.expectContent(descriptor, ['a', 'b', 'c']);
          programs.now++;
          steps.expectNothing(descriptor);
          steps.expectContent(descriptor, ['c']);
        }));

      it('does not expire any more: its values are kept (T082, T233)', () =>
        run(each, async (steps) => {
          const { programs } = steps;
          await programs.next();
          steps.fill(steps.stored(TTL_MS));
          programs.now += TTL_MS - 1;
          const descriptor = steps.declared();
          await programs.next(statesOf(descriptor));
          programs.keyed.getState(descriptor as never);
          programs.now = 1e9;
          steps.expectContent(descriptor, ['a']);
          steps.fillDeclared('c', descriptor);
          await programs.next();
          steps.expectContent(descriptor, ['a', 'b', 'c']);
        }));

      it('keeps the time of its last use while its type changes', () =>
        run(each, async (steps) => {
          const { programs } = steps;
          await programs.next();
          steps.fill(steps.stored(TTL_MS));
          programs.now += 10;
          const descriptor = steps.declared(TTL_MS);
          await programs.next(statesOf(descriptor));
          programs.now += TTL_MS - 11;
          steps.expectContent(descriptor);
          await programs.next();
          steps.expectContent(descriptor);
          programs.now++;
          steps.expectNothing(descriptor);
        }));
    });

    it.each(KINDS)('$kind state goes on with another time to live, without being migrated', (kind) =>
      run({ ...kind, ...(CHANGES[0] as Change), isDeclared: false }, async (steps) => {
        const { programs } = steps;
        await programs.next();
        steps.fill(steps.stored(TTL_MS));
        programs.now += 2 * TTL_MS - 1;
        await programs.next();
        const longer = steps.stored(2 * TTL_MS);
        steps.expectContent(longer);
        await programs.next();
        steps.expectNothing(steps.stored(TTL_MS));
      }),
    );

    it.each([true, false])('maps keep their nulls; declared while opening: %s (T081, T082)', (isDeclared) =>
      withBackend(create, async (bench) => {
        const programs = new Programs(bench, source);
        const of = (type: typeof Types.INT) => new MapStateDescriptor(NAME, Types.INT, Types.NULLABLE(type));
        const stamped = () => of(Types.LONG).enableTimeToLive(StateTtlConfig.newBuilder(TTL_MS).build());
        const found = (descriptor: StateDescriptor<unknown>) =>
          Array.from(programs.under('a', descriptor) as Iterable<{ key: number; value: unknown }>, (entry) => [
            entry.key,
            entry.value,
          ]);
        const entries = [
          [1, null],
          [2, 2],
          [3, null],
        ];
        await programs.next();
        (programs.under('a', of(Types.INT)) as { putAll(all: unknown): void }).putAll(entries);
        const [first, second] = [stamped(), of(Types.LONG)];
        await programs.next(isDeclared ? [first] : []);
        programs.keyed.getMapState(first);
        programs.now += TTL_MS - 1;
        expect(found(first)).toEqual(entries);
        await programs.next();
        await programs.next(isDeclared ? [second] : []);
        expect(found(second)).toEqual(entries);
        await programs.next();
        expect(found(second)).toEqual(entries);
        expect(found(second)).toEqual(entries);
        await programs.next();
        const third = stamped();
        expect(found(third)).toEqual(entries);
        programs.now += TTL_MS;
        expect(found(third)).toEqual([]);
      }),
    );
  });
});
