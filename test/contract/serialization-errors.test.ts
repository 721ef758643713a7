// A value that can't be written, or read, is reported with its state, its key and itself.
import { describe, expect, it } from 'vitest';
import type { KeyedStateBackend } from '../../lib/api/backend.ts';
import {
  AggregatingStateDescriptor,
  ListStateDescriptor,
  MapStateDescriptor,
  ReducingStateDescriptor,
  ValueStateDescriptor,
} from '../../lib/api/descriptors.ts';
import { Types } from '../../lib/bytes/types.ts';
import { SerializationError } from '../../lib/errors.ts';
import { maximum, sum } from '../support/functions.ts';
import { restored } from '../support/restored.ts';
import { UNWRITABLE, versionedText } from '../support/types.ts';
import { BACKENDS, withBackend } from '../support/with-backend.ts';

const STRING_KEYS = { keyType: Types.STRING };
const LONG = new ValueStateDescriptor('value', Types.LONG);
const JSON_VALUE = new ValueStateDescriptor('json', Types.JSON<unknown>());
const PACKED = new ValueStateDescriptor('packed', Types.MSGPACK<unknown>());
const LIST = new ListStateDescriptor('list', Types.LONG);
const MAP = new MapStateDescriptor('map', Types.LONG, Types.LONG);
const SUM = new ReducingStateDescriptor('sum', sum, Types.LONG);
const MAXIMUM = new AggregatingStateDescriptor('maximum', maximum, Types.LONG);
const NOT_A_NUMBER =
  'A LONG must be a safe integer (up to 2^53-1 either way); received NaN. Types.BIGINT holds all 64 bits.';

type Keyed = KeyedStateBackend<string>;

function nested(depth: number): unknown {
  let value: unknown = 1;
  for (let i = 0; i < depth; i++) {
    value = [value];
  }
  return value;
}

interface Refused {
  readonly what: string;
  write(keyed: Keyed): void;
  writeAsync(keyed: Keyed): Promise<void>;
  readonly message: string | RegExp;
}

const DEEP =
  /^State 'json' could not be written under key "k", value \[\[an instance of Array\]\]: JSON can not hold .*call stack/;

const REFUSED: readonly Refused[] = [
  {
    what: 'NaN as a LONG',
    write: (keyed) => keyed.getState(LONG).update(Number.NaN),
    writeAsync: (keyed) => keyed.getState(LONG).asyncUpdate(Number.NaN),
    message: `State 'value' could not be written under key "k", value NaN: ${NOT_A_NUMBER}`,
  },
  {
    what: 'undefined in a list',
    write: (keyed) => keyed.getListState(LIST).addAll([1, undefined as never]),
    writeAsync: (keyed) => keyed.getListState(LIST).asyncAddAll([1, undefined as never]),
    message: `State 'list' could not be written under key "k", value [1, undefined]: At [1]: A list can not hold undefined.`,
  },
  {
    what: 'an element of a list',
    write: (keyed) => keyed.getListState(LIST).add(Number.NaN),
    writeAsync: (keyed) => keyed.getListState(LIST).asyncAdd(Number.NaN),
    message: `State 'list' could not be written under key "k", value NaN: ${NOT_A_NUMBER}`,
  },
  {
    what: 'a list to replace another',
    write: (keyed) => keyed.getListState(LIST).update([Number.NaN, 2, 3, 4, 5, 6]),
    writeAsync: (keyed) => keyed.getListState(LIST).asyncUpdate([Number.NaN, 2, 3, 4, 5, 6]),
    message: `State 'list' could not be written under key "k", value [NaN, 2, 3, 4, …]: At [0]: ${NOT_A_NUMBER}`,
  },
  {
    what: 'a value of a map',
    write: (keyed) => keyed.getMapState(MAP).put(1, Number.NaN),
    writeAsync: (keyed) => keyed.getMapState(MAP).asyncPut(1, Number.NaN),
    message: `State 'map' could not be written under key "k", value NaN: ${NOT_A_NUMBER}`,
  },
  {
    what: 'one of several values of a map',
    write: (keyed) =>
      keyed.getMapState(MAP).putAll([
        [1, 1],
        [2, Number.NaN],
      ]),
    writeAsync: (keyed) =>
      keyed.getMapState(MAP).asyncPutAll([
        [1, 1],
        [2, Number.NaN],
      ]),
    message: `State 'map' could not be written under key "k", value NaN: ${NOT_A_NUMBER}`,
  },
  {
    what: 'a key of a map',
    write: (keyed) => keyed.getMapState(MAP).put(Number.NaN, 1),
    writeAsync: (keyed) => keyed.getMapState(MAP).asyncPut(Number.NaN, 1),
    message: `State 'map' could not be accessed under key "k", map key NaN: ${NOT_A_NUMBER}`,
  },
  {
    what: 'a key of a map that is asked for',
    write: (keyed) => void keyed.getMapState(MAP).contains(Number.NaN),
    writeAsync: async (keyed) => void (await keyed.getMapState(MAP).asyncGet(Number.NaN)),
    message: `State 'map' could not be accessed under key "k", map key NaN: ${NOT_A_NUMBER}`,
  },
  {
    what: 'what values are reduced to',
    write: (keyed) => keyed.getReducingState(SUM).add(Number.NaN),
    writeAsync: (keyed) => keyed.getReducingState(SUM).asyncAdd(Number.NaN),
    message: `State 'sum' could not be written under key "k", value NaN: ${NOT_A_NUMBER}`,
  },
  {
    what: 'an accumulator',
    write: (keyed) => keyed.getAggregatingState(MAXIMUM).add(Number.NaN),
    writeAsync: (keyed) => keyed.getAggregatingState(MAXIMUM).asyncAdd(Number.NaN),
    message: `State 'maximum' could not be written under key "k", value NaN: ${NOT_A_NUMBER}`,
  },
  {
    what: 'a lone surrogate as MSGPACK',
    write: (keyed) => keyed.getState(PACKED).update({ text: '\ud83d' }),
    writeAsync: (keyed) => keyed.getState(PACKED).asyncUpdate({ text: '\ud83d' }),
    message:
      /^State 'packed' could not be written under key "k", value \{text: "\\ud83d"\}: At \.text: MSGPACK can not hold "\\ud83d", which has a lone surrogate\.$/,
  },
  {
    what: 'too deep a value',
    write: (keyed) => keyed.getState(JSON_VALUE).update(nested(100_000)),
    writeAsync: (keyed) => keyed.getState(JSON_VALUE).asyncUpdate(nested(100_000)),
    message: DEEP,
  },
];

const refusal = (message: string | RegExp) =>
  expect.objectContaining({
    name: 'SerializationError',
    code: 'ERR_SERIALIZATION',
    message: typeof message === 'string' ? message : expect.stringMatching(message),
    cause: expect.any(Error),
  });

describe.each(Object.entries(BACKENDS))('an error of serialization on %s', (_name, create) => {
  it.each(REFUSED.map((each) => [each.what, each] as const))('names state, key and value: %s', (_what, refused) =>
    withBackend(create, async ({ open }) => {
      const keyed = await open(STRING_KEYS);
      keyed.setCurrentKey('k');
      expect(() => refused.write(keyed)).toThrow(refusal(refused.message));
      const writing = refused.writeAsync(keyed);
      keyed.setCurrentKey('another');
      await expect(writing).rejects.toThrow(refusal(refused.message));
      expect(await keyed.numKeyValueStateEntries()).toBe(0);
    }),
  );

  it.each([
    ['a tuple', Types.TUPLE(Types.STRING, Types.INT), ['user', 7] as [string, number], '["user", 7]'],
    ['a long string', Types.STRING, 'x'.repeat(10_000), `"${'x'.repeat(60)}"… (10000 characters)`],
    ['a large number', Types.BIG_INT, 10n ** 500n, `1${'0'.repeat(119)}…`],
  ])('names a key that is %s, but shortly', (_what, keyType, key, text) =>
    withBackend(create, async ({ open }) => {
      const keyed = await open({ keyType: keyType as typeof Types.STRING });
      keyed.setCurrentKey(key as string);
      expect(() => keyed.getState(LONG).update(Number.NaN)).toThrow(
        `State 'value' could not be written under key ${text}, value NaN: `,
      );
    }),
  );

  it("names an entry's own key, whatever key is current", () =>
    withBackend(create, async ({ open }) => {
      const keyed = await open(STRING_KEYS);
      const map = keyed.getMapState(MAP);
      keyed.setCurrentKey('k');
      map.put(1, 1);
      const [entry] = map;
      keyed.setCurrentKey('another');
      expect(() => entry?.setValue(Number.NaN)).toThrow(refusal(/^State 'map' .* under key "k", value NaN: /));
      expect(entry?.value).toBe(1);
    }));

  it('names the namespace that can not be written', () =>
    withBackend(create, async ({ open }) => {
      const keyed = await open(STRING_KEYS);
      keyed.setCurrentKey('k');
      const state = keyed.getPartitionedState(LONG, { namespace: Number.NaN, namespaceType: Types.LONG });
      const message = `State 'value' could not be accessed under key "k", namespace NaN: ${NOT_A_NUMBER}`;
      expect(() => state.update(1)).toThrow(refusal(message));
      expect(() => state.value()).toThrow(refusal(message));
      await expect(state.asyncUpdate(1)).rejects.toThrow(refusal(message));
    }));

  it('names the key that can not be written, and the default value', () =>
    withBackend(create, async ({ open }) => {
      const keyed = await open({ keyType: Types.LONG });
      expect(() => keyed.setCurrentKey(Number.NaN)).toThrow(refusal(`NaN can not be the current key: ${NOT_A_NUMBER}`));
      expect(() => keyed.getState(new ValueStateDescriptor('value', Types.LONG, Number.NaN))).toThrow(
        refusal(`State 'value' can not have the default value NaN: ${NOT_A_NUMBER}`),
      );
    }));

  it.each([
    ['value', (keyed: Keyed) => keyed.getState(new ValueStateDescriptor('broken', UNWRITABLE)).update('v')],
    ['list', (keyed: Keyed) => keyed.getListState(new ListStateDescriptor('broken', UNWRITABLE)).add('v')],
    ['map', (keyed: Keyed) => keyed.getMapState(new MapStateDescriptor('broken', Types.LONG, UNWRITABLE)).put(1, 'v')],
    [
      'reducing',
      (keyed: Keyed) =>
        keyed.getReducingState(new ReducingStateDescriptor('broken', (a: string) => a, UNWRITABLE)).add('v'),
    ],
    [
      'partitioned',
      (keyed: Keyed) =>
        keyed
          .getPartitionedState(new ValueStateDescriptor('broken', UNWRITABLE), {
            namespace: 'w',
            namespaceType: Types.STRING,
          })
          .update('v'),
    ],
  ])('is told of any failure of a serializer, of every kind of state: %s (T010)', (_kind, write) =>
    withBackend(create, async ({ open, storage }) => {
      const keyed = await open(STRING_KEYS);
      keyed.setCurrentKey('k');
      const message = `State 'broken' could not be written under key "k", value "v": Artificial failure`;
      expect(() => write(keyed)).toThrow(refusal(message));
      // Nothing of it is left to fail later.
      await keyed.snapshot(1, storage);
    }),
  );

  it.each(['value', 'list', 'map'] as const)('names state and key where a %s can not be read', (kind) =>
    withBackend(create, async (bench) => {
      const keyed = await bench.open(STRING_KEYS);
      keyed.setCurrentKey('k');
      const newer = states(keyed, versionedText(2));
      newer.value.update('v');
      newer.list.add('v');
      newer.map.put(1, 'v');
      const again = await restored(bench, keyed, STRING_KEYS);
      again.setCurrentKey('k');
      const { value, list, map } = states(again, versionedText(1));
      const read = { value: () => value.value(), list: () => list.get(), map: () => map.get(1) };
      const readAsync = { value: () => value.asyncValue(), list: () => list.asyncGet(), map: () => map.asyncGet(1) };
      const message = `State '${kind}' could not be read under key "k": Version 2 is newer than 1.`;
      expect(read[kind]).toThrow(SerializationError);
      expect(read[kind]).toThrow(message);
      const reading = readAsync[kind]();
      again.setCurrentKey('another');
      await expect(reading).rejects.toThrow(message);
    }),
  );

  it('is none for a lone surrogate in a STRING, which has UTF-16 units as in Java', () =>
    withBackend(create, async (bench) => {
      const descriptor = new ValueStateDescriptor('text', Types.STRING);
      const keyed = await bench.open(STRING_KEYS);
      keyed.setCurrentKey('\udc00');
      keyed.getState(descriptor).update('a\ud83d');
      const again = await restored(bench, keyed, STRING_KEYS);
      again.setCurrentKey('\udc00');
      expect(again.getState(descriptor).value()).toBe('a\ud83d');
    }));
});

function states(keyed: Keyed, type: typeof Types.STRING) {
  return {
    value: keyed.getState(new ValueStateDescriptor('value', type)),
    list: keyed.getListState(new ListStateDescriptor('list', type)),
    map: keyed.getMapState(new MapStateDescriptor('map', Types.LONG, type)),
  };
}
