// State that is restored with another type than it was written with: what is read as it is, what is written again, what fails.
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { KeyedStateBackend } from '../../lib/api/backend.ts';
import {
  AggregatingStateDescriptor,
  ListStateDescriptor,
  MapStateDescriptor,
  ReducingStateDescriptor,
  type StateDescriptor,
  ValueStateDescriptor,
} from '../../lib/api/descriptors.ts';
import type { TypeInformation } from '../../lib/api/type-information.ts';
import { Types } from '../../lib/bytes/types.ts';
import { StateMigrationError } from '../../lib/errors.ts';
import { Savepoint } from '../../lib/savepoint/savepoint.ts';
import { evolvingText, POISON, paddedText } from '../support/migrating-texts.ts';
import { under, underEach } from '../support/per-key.ts';
import { restored } from '../support/restored.ts';
import { BACKENDS, type Bench, PLAIN_BACKENDS, withBackend } from '../support/with-backend.ts';

const STRING_KEYS = { keyType: Types.STRING };
const NAME = 'state';
const KEYS = ['a', 'b', 'c'];
const longest = (one: string, other: string) => (other.length > one.length ? other : one);
const longestText = {
  createAccumulator: () => '',
  add: (text: string, accumulator: string) => longest(accumulator, text),
  getResult: (accumulator: string) => accumulator,
  merge: longest,
};

type Text = TypeInformation<string>;

/** A state of texts: its descriptor with a type, what is put into it under each key, and how that is read. */
interface Kind {
  readonly kind: string;
  of(type: Text): StateDescriptor<unknown>;
  fill(keyed: KeyedStateBackend<string>, type: Text, text: string): void;
  read(keyed: KeyedStateBackend<string>, type: Text): unknown;
  content(text: string): unknown;
}

const value = (type: Text) => new ValueStateDescriptor(NAME, type);
const list = (type: Text) => new ListStateDescriptor(NAME, type);
const map = (type: Text) => new MapStateDescriptor(NAME, Types.LONG, type);
const reducing = (type: Text) => new ReducingStateDescriptor(NAME, longest, type);
const aggregating = (type: Text) => new AggregatingStateDescriptor(NAME, longestText, type);

const KINDS: readonly Kind[] = [
  {
    kind: 'value',
    of: value,
    fill: (keyed, type, text) => keyed.getState(value(type)).update(text),
    read: (keyed, type) => keyed.getState(value(type)).value(),
    content: (text) => text,
  },
  {
    kind: 'list',
    of: list,
    fill: (keyed, type, text) => {
      keyed.getListState(list(type)).addAll([text, `${text}, and more`]);
      keyed.getListState(list(type)).add('');
    },
    read: (keyed, type) => keyed.getListState(list(type)).get(),
    content: (text) => [text, `${text}, and more`, ''],
  },
  {
    kind: 'map',
    of: map,
    fill: (keyed, type, text) =>
      keyed.getMapState(map(type)).putAll([
        [1, text],
        [3, ''],
      ]),
    read: (keyed, type) => [...keyed.getMapState(map(type))].map((entry) => [entry.key, entry.value]),
    content: (text) => [
      [1, text],
      [3, ''],
    ],
  },
  {
    kind: 'reducing',
    of: reducing,
    fill: (keyed, type, text) => keyed.getReducingState(reducing(type)).add(text),
    read: (keyed, type) => keyed.getReducingState(reducing(type)).get(),
    content: (text) => text,
  },
  {
    kind: 'aggregating',
    of: aggregating,
    fill: (keyed, type, text) => keyed.getAggregatingState(aggregating(type)).add(text),
    read: (keyed, type) => keyed.getAggregatingState(aggregating(type)).get(),
    content: (text) => text,
  },
];

/** Where a backend is restored from, by another one. */
const SOURCES: Readonly<Record<string, typeof restored>> = {
  checkpoint: restored,
  savepoint: async (bench, keyed, options) => {
    const directory = join(bench.directory, `savepoint-${Math.random()}`);
    await (keyed as KeyedStateBackend<unknown>).savepoint(directory, { uid: 'texts' });
    return bench.open({ ...options, restore: (await Savepoint.open(directory)).operator('texts') });
  },
};

// Savepoints are read in the same way by backends of one kind.
const sourcesOf = (backend: string) =>
  Object.entries(SOURCES).filter(([source]) => source === 'checkpoint' || backend in PLAIN_BACKENDS);

async function filled(bench: Bench, { fill }: Kind, type: Text): Promise<KeyedStateBackend<string>> {
  const keyed = await bench.open(STRING_KEYS);
  for (const key of KEYS) {
    under(keyed, key, () => fill(keyed, type, key));
  }
  return keyed;
}

function expectContent(keyed: KeyedStateBackend<string>, { content, read }: Kind, type: Text): void {
  expect(underEach(keyed, KEYS, () => read(keyed, type))).toEqual(KEYS.map((key) => content(key)));
}

describe.each(Object.entries(BACKENDS))('restored on %s', (name, create) => {
  describe.each(sourcesOf(name))('from a %s', (_source, restore) => {
    describe.each(KINDS.map((each) => [each.kind, each] as const))('%s state', (_kind, kind) => {
      it.each([false, true])('is migrated to a newer type; declared: %s (T065, T066, T068)', (isDeclared) =>
        withBackend(create, async (bench) => {
          const first = await filled(bench, kind, evolvingText(1));
          const states = isDeclared ? { states: [kind.of(evolvingText(2))] } : {};
          const second = await restore(bench, first, { ...STRING_KEYS, ...states });
          // Not all of it is used before it is written out again.
          expect(under(second, 'a', () => kind.read(second, evolvingText(2)))).toEqual(kind.content('a'));
          const third = await restore(bench, second, STRING_KEYS);
          expectContent(third, kind, evolvingText(2));
          under(third, 'd', () => kind.fill(third, evolvingText(2), 'd'));
          expect(under(third, 'd', () => kind.read(third, evolvingText(2)))).toEqual(kind.content('d'));
          const fourth = await restore(bench, third, STRING_KEYS);
          expect(() => kind.read(fourth, evolvingText(1))).toThrow(StateMigrationError);
          expectContent(fourth, kind, evolvingText(2));
        }),
      );

      it('stays as it is while nobody asks for it, and is migrated later', () =>
        withBackend(create, async (bench) => {
          const first = await filled(bench, kind, evolvingText(1));
          const second = await restore(bench, first, STRING_KEYS);
          const third = await restore(bench, second, STRING_KEYS);
          expectContent(await restore(bench, third, STRING_KEYS), kind, evolvingText(1));
          expectContent(third, kind, evolvingText(2));
        }));

      it('goes on with the stored form where the new type says so, without being written again (T070)', () =>
        withBackend(create, async (bench) => {
          const first = await filled(bench, kind, paddedText(2));
          const second = await restore(bench, first, { ...STRING_KEYS, states: [kind.of(paddedText(5))] });
          expectContent(second, kind, paddedText(5));
          under(second, 'd', () => kind.fill(second, paddedText(5), 'd'));
          const third = await restore(bench, second, STRING_KEYS);
          expectContent(third, kind, paddedText(0));
          expect(under(third, 'd', () => kind.read(third, paddedText(0)))).toEqual(kind.content('d'));
        }));

      it('of a type that can not be migrated is refused, and can still be used as it was (T071, T072, T073)', () =>
        withBackend(create, async (bench) => {
          const first = await filled(bench, kind, evolvingText(1));
          const second = await restore(bench, first, STRING_KEYS);
          const used = () => kind.read(second, paddedText(1));
          expect(used).toThrow(StateMigrationError);
          expect(used).toThrow(
            `State '${NAME}' is stored as test.EvolvingText[1], which can not be used as PADDED_1: it is no padded text.`,
          );
          const declared = restore(bench, first, { ...STRING_KEYS, states: [kind.of(paddedText(1))] });
          await expect(declared).rejects.toThrow(StateMigrationError);
          expectContent(second, kind, evolvingText(1));
        }));

      it('can not be asked for as another type once it is in use', () =>
        withBackend(create, async (bench) => {
          const first = await filled(bench, kind, evolvingText(1));
          expect(() => kind.read(first, evolvingText(2))).toThrow(`State '${NAME}' is in use as`);
          expectContent(first, kind, evolvingText(1));
        }));
    });
  });

  it('a map with the same keys and values is read as it is (T067)', () =>
    withBackend(create, async (bench) => {
      const kind = KINDS[2] as Kind;
      const first = await filled(bench, kind, evolvingText(2));
      expectContent(await restored(bench, first, STRING_KEYS), kind, evolvingText(2));
    }));

  it('a map keeps its values that are null when the others are migrated (T068)', () =>
    withBackend(create, async (bench) => {
      const of = (version: 1 | 2) => new MapStateDescriptor(NAME, Types.LONG, Types.NULLABLE(evolvingText(version)));
      const entries = [
        [1, null],
        [2, 'two'],
      ] as const;
      const first = await bench.open(STRING_KEYS);
      under(first, 'a', () => first.getMapState(of(1)).putAll(entries));
      const second = await restored(bench, first, STRING_KEYS);
      const third = await restored(bench, second, { ...STRING_KEYS, states: [of(2)] });
      for (const keyed of [second, third]) {
        const found = under(keyed, 'a', () => [...keyed.getMapState(of(2))].map(({ key, value }) => [key, value]));
        expect(found).toEqual(entries);
      }
    }));

  it('a map whose keys would have to be migrated is refused (T069)', () =>
    withBackend(create, async (bench) => {
      const of = (type: Text) => new MapStateDescriptor(NAME, type, Types.LONG);
      const first = await bench.open(STRING_KEYS);
      under(first, 'a', () => first.getMapState(of(evolvingText(1))).put('x', 1));
      const second = await restored(bench, first, STRING_KEYS);
      const used = () => second.getMapState(of(evolvingText(2)));
      expect(used).toThrow(StateMigrationError);
      expect(used).toThrow('Migration for MapState currently only allows value schema evolutions.');
      expect(under(second, 'a', () => second.getMapState(of(evolvingText(1))).get('x'))).toBe(1);
    }));

  it('a map goes on with the stored form of its keys, and its values are migrated (T070)', () =>
    withBackend(create, async (bench) => {
      const of = (key: Text, itsValue: Text) => new MapStateDescriptor(NAME, key, itsValue);
      const first = await bench.open(STRING_KEYS);
      under(first, 'a', () => first.getMapState(of(paddedText(3), evolvingText(1))).put('x', 'y'));
      const second = await restored(bench, first, STRING_KEYS);
      second.setCurrentKey('a');
      const state = second.getMapState(of(paddedText(1), evolvingText(2)));
      expect(state.get('x')).toBe('y');
      state.put('x', 'z');
      expect([...state.keys()]).toEqual(['x']);
    }));

  it('timers go on with the stored form of their namespaces (T074), and are refused otherwise (T075)', () =>
    withBackend(create, async (bench) => {
      const due: string[] = [];
      const options = (namespaceType: Text) => ({
        namespaceType,
        triggerable: {
          onEventTime: ({ namespace }: { namespace: string }) => void due.push(namespace),
          onProcessingTime() {},
        },
      });
      const first = await bench.open(STRING_KEYS);
      under(first, 'a', () => first.getTimerService('timers', options(paddedText(2))).registerEventTimeTimer('n', 5));
      const second = await restored(bench, first, STRING_KEYS);
      const used = () => second.getTimerService('timers', options(evolvingText(2)));
      expect(used).toThrow(StateMigrationError);
      expect(used).toThrow('The new priority queue serializer must not be incompatible.');
      const service = second.getTimerService('timers', options(paddedText(0)));
      under(second, 'b', () => service.registerEventTimeTimer('m', 6));
      await service.advanceWatermark(10);
      expect(due).toEqual(['n', 'm']);
    }));

  it.each(Object.entries(SOURCES))('keys go on with their stored form (T076), from a %s', (_source, restore) =>
    withBackend(create, async (bench) => {
      const descriptor = new ValueStateDescriptor(NAME, Types.LONG);
      const first = await bench.open({ keyType: paddedText(2) });
      under(first, 'a', () => first.getState(descriptor).update(1));
      const second = await restore(bench, first, { keyType: paddedText(0) });
      expect([...second.getKeys(NAME)]).toEqual(['a']);
      under(second, 'b', () => second.getState(descriptor).update(2));
      const third = await restore(bench, second, { keyType: paddedText(7) });
      expect(underEach(third, ['a', 'b'], () => third.getState(descriptor).value())).toEqual([1, 2]);
    }),
  );

  it.each(Object.entries(SOURCES))(
    'keys are never migrated (T077), nor taken from another type (T078), from a %s',
    (_source, restore) =>
      withBackend(create, async (bench) => {
        const first = await bench.open({
          keyType: evolvingText(1),
          states: [new ValueStateDescriptor(NAME, Types.LONG)],
        });
        for (const keyType of [evolvingText(2), paddedText(1), Types.STRING]) {
          await expect(restore(bench, first, { keyType })).rejects.toThrow(StateMigrationError);
        }
      }),
  );

  it('namespaces go on with their stored form (T079), and are not migrated (T080)', () =>
    withBackend(create, async (bench) => {
      const descriptor = new ValueStateDescriptor(NAME, Types.LONG);
      const first = await bench.open(STRING_KEYS);
      const at = (keyed: KeyedStateBackend<string>, namespaceType: Text) =>
        keyed.getPartitionedState(descriptor, { namespace: 'n', namespaceType });
      under(first, 'a', () => at(first, paddedText(2)).update(1));
      const second = await restored(bench, first, STRING_KEYS);
      for (const other of [evolvingText(2), evolvingText(1)]) {
        expect(() => at(second, other)).toThrow(StateMigrationError);
        expect(() => at(second, other)).toThrow('The new namespace serializer must be compatible with the old one');
      }
      expect(under(second, 'a', () => at(second, paddedText(0)).value())).toBe(1);
      expect([...second.getKeysAndNamespaces(NAME, paddedText(0))]).toEqual([['a', 'n']]);
      under(second, 'b', () => at(second, paddedText(0)).update(2));
      const third = await restored(bench, second, STRING_KEYS);
      expect(under(third, 'b', () => at(third, paddedText(2)).value())).toBe(2);

      const old = await bench.open(STRING_KEYS);
      under(old, 'a', () => at(old, evolvingText(1)).update(1));
      const again = await restored(bench, old, STRING_KEYS);
      expect(() => at(again, evolvingText(2))).toThrow(StateMigrationError);
    }));

  it('a value that can not be migrated leaves the state as it was', () =>
    withBackend(create, async (bench) => {
      const kind = KINDS[0] as Kind;
      const first = await filled(bench, kind, evolvingText(1));
      under(first, 'z', () => kind.fill(first, evolvingText(1), POISON));
      const second = await restored(bench, first, STRING_KEYS);
      const readPoison = () => under(second, 'z', () => kind.read(second, evolvingText(2)));
      expect(readPoison).toThrow(`'${POISON}' can not be taken over.`);
      expect(readPoison).toThrow(/'state'.* under key "z"/);
    }));
});
