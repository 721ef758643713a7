// What a state's name stands for: its kind and types, which do not change, neither in a program nor over a restore.
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
import { Types } from '../../lib/bytes/types.ts';
import { SerializationError, StateMigrationError } from '../../lib/errors.ts';
import { concatenate, maximum, mutableSum, sum } from '../support/functions.ts';
import { under } from '../support/per-key.ts';
import { restored } from '../support/restored.ts';
import { UNWRITABLE, versionedText } from '../support/types.ts';
import { BACKENDS, withBackend } from '../support/with-backend.ts';

const STRING_KEYS = { keyType: Types.STRING };
const NAME = 'state';

/** A state of each kind, all by one name: how to get it, give it something, and read that. */
interface Kind {
  readonly kind: string;
  readonly descriptor: StateDescriptor<unknown>;
  get(keyed: KeyedStateBackend<string>): unknown;
  fill(keyed: KeyedStateBackend<string>): void;
  read(keyed: KeyedStateBackend<string>): unknown;
  readonly content: unknown;
}

function kind<S>(descriptor: StateDescriptor<S>, methods: Omit<Kind, 'kind' | 'descriptor'>): Kind {
  return { kind: descriptor.kind, descriptor, ...methods };
}

const VALUE = new ValueStateDescriptor(NAME, Types.LONG);
const LIST = new ListStateDescriptor(NAME, Types.LONG);
const MAP = new MapStateDescriptor(NAME, Types.LONG, Types.LONG);
const REDUCING = new ReducingStateDescriptor(NAME, sum, Types.LONG);
const AGGREGATING = new AggregatingStateDescriptor(NAME, mutableSum, Types.JSON<{ total: number }>());

const KINDS: readonly Kind[] = [
  kind(VALUE, {
    get: (keyed) => keyed.getState(VALUE),
    fill: (keyed) => keyed.getState(VALUE).update(5),
    read: (keyed) => keyed.getState(VALUE).value(),
    content: 5,
  }),
  kind(LIST, {
    get: (keyed) => keyed.getListState(LIST),
    fill: (keyed) => keyed.getListState(LIST).addAll([1, 2]),
    read: (keyed) => keyed.getListState(LIST).get(),
    content: [1, 2],
  }),
  kind(MAP, {
    get: (keyed) => keyed.getMapState(MAP),
    fill: (keyed) => keyed.getMapState(MAP).put(1, 2),
    read: (keyed) => [...keyed.getMapState(MAP)].map(({ key, value }) => [key, value]),
    content: [[1, 2]],
  }),
  kind(REDUCING, {
    get: (keyed) => keyed.getReducingState(REDUCING),
    fill: (keyed) => keyed.getReducingState(REDUCING).add(7),
    read: (keyed) => keyed.getReducingState(REDUCING).get(),
    content: 7,
  }),
  kind(AGGREGATING, {
    get: (keyed) => keyed.getAggregatingState(AGGREGATING),
    fill: (keyed) => keyed.getAggregatingState(AGGREGATING).add(9),
    read: (keyed) => keyed.getAggregatingState(AGGREGATING).get(),
    content: 9,
  }),
];

interface OtherType {
  readonly what: string;
  readonly test: string;
  readonly stored: StateDescriptor<unknown>;
  readonly other: StateDescriptor<unknown>;
  readonly failure: string;
}

const OTHER_TYPES: readonly OtherType[] = [
  {
    what: 'a value',
    test: 'T049',
    stored: VALUE,
    other: new ValueStateDescriptor(NAME, Types.INT),
    failure: "State 'state' is stored as LONG, which can not be used as INT: ",
  },
  {
    what: 'a list',
    test: 'T050',
    stored: LIST,
    other: new ListStateDescriptor(NAME, Types.STRING),
    failure: "State 'state' is stored as LONG, which can not be used as STRING: ",
  },
  {
    what: 'a reduced value',
    test: 'T051',
    stored: REDUCING,
    other: new ReducingStateDescriptor(NAME, concatenate, Types.STRING),
    failure: "State 'state' is stored as LONG, which can not be used as STRING: ",
  },
  {
    what: 'an aggregated value',
    test: 'T051',
    stored: AGGREGATING,
    other: new AggregatingStateDescriptor(NAME, maximum, Types.LONG),
    failure: "State 'state' is stored as JSON, which can not be used as LONG: ",
  },
  {
    what: 'a map, by its keys,',
    test: 'T052',
    stored: MAP,
    other: new MapStateDescriptor(NAME, Types.STRING, Types.LONG),
    failure: "The keys of map state 'state' are stored as LONG, which can not become STRING: ",
  },
  {
    what: 'a map, by its values,',
    test: 'T052',
    stored: MAP,
    other: new MapStateDescriptor(NAME, Types.LONG, Types.STRING),
    failure: "State 'state' is stored as LONG, which can not be used as STRING: ",
  },
];

describe.each(Object.entries(BACKENDS))('a state on %s', (_name, create) => {
  describe.each(KINDS.map((each) => [each.kind, each] as const))('of kind %s', (_kind, stored) => {
    it('is one object per name', () =>
      withBackend(create, async ({ open }) => {
        const keyed = await open(STRING_KEYS);
        expect(stored.get(keyed)).toBe(stored.get(keyed));
      }));

    it('can be created while opening', () =>
      withBackend(create, async ({ open }) => {
        const keyed = await open({ ...STRING_KEYS, states: [stored.descriptor] });
        keyed.setCurrentKey('k');
        stored.fill(keyed);
        expect(stored.read(keyed)).toEqual(stored.content);
      }));

    it('survives snapshots although the program never touches it, and is listed (T057)', () =>
      withBackend(create, async (bench) => {
        const first = await bench.open(STRING_KEYS);
        under(first, 'k', () => stored.fill(first));
        const second = await restored(bench, first, STRING_KEYS);
        expect([...second.getKeys(NAME)]).toEqual(['k']);
        const third = await restored(bench, second, STRING_KEYS);
        expect(under(third, 'k', () => stored.read(third))).toEqual(stored.content);
      }));

    it('can not be used as another kind, before a restore or after (T061)', () =>
      withBackend(create, async (bench) => {
        const keyed = await bench.open(STRING_KEYS);
        under(keyed, 'k', () => stored.fill(keyed));
        for (const backend of [await restored(bench, keyed, STRING_KEYS), keyed]) {
          for (const other of KINDS.filter((each) => each.kind !== stored.kind)) {
            expect(() => other.get(backend)).toThrow(StateMigrationError);
            expect(() => other.get(backend)).toThrow(
              `Incompatible state types: '${NAME}' is known as ${stored.kind}, not as ${other.kind}.`,
            );
          }
          expect(under(backend, 'k', () => stored.read(backend))).toEqual(stored.content);
        }
      }));
  });

  it.each(OTHER_TYPES.map((each) => [each.what, each.test, each] as const))(
    'that is %s can not be restored with another type (%s)',
    (_what, _test, { failure, stored, other }) =>
      withBackend(create, async (bench) => {
        const keyed = await bench.open({ ...STRING_KEYS, states: [stored] });
        const again = await restored(bench, keyed, STRING_KEYS);
        const getOther = () => again.getState(other as typeof VALUE);
        expect(getOther).toThrow(StateMigrationError);
        expect(getOther).toThrow(failure);
        await expect(restored(bench, keyed, { ...STRING_KEYS, states: [other] })).rejects.toThrow(StateMigrationError);
      }),
  );

  it('tells at once when its values can not be written (T009)', () =>
    withBackend(create, async ({ open }) => {
      const keyed = await open(STRING_KEYS);
      keyed.setCurrentKey('k');
      const failure = 'State \'broken\' could not be written under key "k", value "text": Artificial failure';
      const broken = keyed.getState(new ValueStateDescriptor('broken', UNWRITABLE));
      expect(() => broken.update('text')).toThrow(SerializationError);
      expect(() => broken.update('text')).toThrow(failure);
      expect(broken.value()).toBeUndefined();
    }));

  it('can be restored with a newer serializer that reads what is stored (T011)', () =>
    withBackend(create, async (bench) => {
      const old = new ListStateDescriptor('texts', versionedText(1));
      const newer = new ListStateDescriptor('texts', versionedText(2));
      const keyed = await bench.open(STRING_KEYS);
      under(keyed, 'k', () => keyed.getListState(old).addAll(['a', 'b']));
      const again = await restored(bench, keyed, STRING_KEYS);
      again.setCurrentKey('k');
      again.getListState(newer).add('c');
      expect(again.getListState(newer).get()).toEqual(['a', 'b', 'c']);

      const back = await restored(bench, again, STRING_KEYS);
      back.setCurrentKey('k');
      expect(() => back.getListState(old).get()).toThrow(
        'State \'texts\' could not be read under key "k": Version 2 is newer than 1.',
      );
    }));
});
