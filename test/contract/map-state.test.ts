import { describe, expect, it } from 'vitest';
import { MapStateDescriptor } from '../../lib/api/descriptors.ts';
import type { MapState } from '../../lib/api/state.ts';
import { Types } from '../../lib/bytes/types.ts';
import { SerializationError, StateAccessError } from '../../lib/errors.ts';
import { under, underEach } from '../support/per-key.ts';
import { restored } from '../support/restored.ts';
import { nullable } from '../support/types.ts';
import { BACKENDS, withBackend } from '../support/with-backend.ts';

const NUMBERS = new MapStateDescriptor('numbers', Types.STRING, Types.LONG);
const STRING_KEYS = { keyType: Types.STRING };
const MANY = 5000;

/** All entries, in no order that a test could rely on. */
function contents<UK, UV>(state: MapState<UK, UV>): Map<UK, UV | undefined> {
  return new Map([...state].map(({ key, value }) => [key, value]));
}

describe.each(Object.entries(BACKENDS))('map state on %s', (_name, create) => {
  it('has a map per key, and every snapshot its own maps (T038)', () =>
    withBackend(create, async (bench) => {
      const keyed = await bench.open(STRING_KEYS);
      const state = keyed.getMapState(NUMBERS);
      const maps = () => underEach(keyed, ['1', '2', '3'], () => contents(state));
      under(keyed, '1', () => state.put('one', 1));
      under(keyed, '2', () => state.putAll([['two', 2]]));
      expect(maps()).toEqual([new Map([['one', 1]]), new Map([['two', 2]]), new Map()]);
      const first = await restored(bench, keyed, STRING_KEYS);
      under(keyed, '1', () => state.put('one', 101));
      under(keyed, '2', () => state.put('more', 102));
      under(keyed, '3', () => state.putAll(new Map(Object.entries({ a: 1, b: 2, c: 3 }))));
      under(keyed, '3', () => state.remove('b'));
      const second = await restored(bench, keyed, STRING_KEYS);

      const mapsOf = (again: typeof keyed) =>
        underEach(again, ['1', '2', '3'], () => contents(again.getMapState(NUMBERS)));
      expect(mapsOf(first)).toEqual([new Map([['one', 1]]), new Map([['two', 2]]), new Map()]);
      expect(mapsOf(second)).toEqual(maps());
      expect(maps()).toEqual([
        new Map([['one', 101]]),
        new Map(Object.entries({ two: 2, more: 102 })),
        new Map(Object.entries({ a: 1, c: 3 })),
      ]);
    }));

  it('answers about single entries, and about all of them (T038)', () =>
    withBackend(create, async ({ open }) => {
      const keyed = await open(STRING_KEYS);
      const state = keyed.getMapState(NUMBERS);
      keyed.setCurrentKey('k');
      state.putAll(Object.entries({ one: 1, two: 2, three: 3 }));
      expect([state.get('two'), state.get('four')]).toEqual([2, undefined]);
      expect([state.contains('two'), state.contains('four')]).toEqual([true, false]);
      expect([...state.keys()].sort()).toEqual(['one', 'three', 'two']);
      expect([...state.values()].sort()).toEqual([1, 2, 3]);
      const entries = Object.entries({ one: 1, three: 3, two: 2 });
      expect([...state.entries()].map(({ key, value }) => [key, value]).sort()).toEqual(entries);
      expect([...state].map(({ key, value }) => [key, value]).sort()).toEqual(entries);
      state.remove('two');
      state.remove('never there');
      expect([...state.keys()].sort()).toEqual(['one', 'three']);
      keyed.setCurrentKey('another');
      expect([...state]).toEqual([]);
    }));

  it('iterates over the map of the key that was current when asked to', () =>
    withBackend(create, async ({ open }) => {
      const keyed = await open(STRING_KEYS);
      const state = keyed.getMapState(NUMBERS);
      under(keyed, 'a', () => state.put('of a', 1));
      under(keyed, 'b', () => state.put('of b', 2));
      const iterators = under(keyed, 'a', () => [state.keys(), state.values(), state.entries()] as const);
      keyed.setCurrentKey('b');
      const [keys, values, entries] = iterators;
      expect([...keys]).toEqual(['of a']);
      expect([...values]).toEqual([1]);
      for (const entry of entries) {
        entry.setValue(10);
      }
      expect(underEach(keyed, ['a', 'b'], () => [...state.values()])).toEqual([[10], [2]]);
    }));

  it('is empty before the first put and after the last remove (T039, T063)', () =>
    withBackend(create, async ({ open }) => {
      const keyed = await open(STRING_KEYS);
      const state = keyed.getMapState(NUMBERS);
      keyed.setCurrentKey('k');
      expect(state.isEmpty()).toBe(true);
      state.put('a', 1);
      expect(state.isEmpty()).toBe(false);
      expect(under(keyed, 'another', () => state.isEmpty())).toBe(true);
      keyed.setCurrentKey('k');
      state.remove('a');
      expect(state.isEmpty()).toBe(true);
      expect(await keyed.numKeyValueStateEntries()).toBe(0);
    }));

  it('can be emptied entry by entry while iterating (T040, T063)', () =>
    withBackend(create, async ({ open }) => {
      const keyed = await open(STRING_KEYS);
      const state = keyed.getMapState(NUMBERS);
      keyed.setCurrentKey('k');
      state.putAll(Array.from({ length: 400 }, (_, index) => [`key ${index}`, index] as const));
      let visited = 0;
      for (const entry of state) {
        entry.remove();
        visited++;
      }
      expect(visited).toBe(400);
      expect(state.isEmpty()).toBe(true);
      expect(await keyed.numKeyValueStateEntries()).toBe(0);
    }));

  it('lets entries be changed and removed while iterating, and shows them so (T040)', () =>
    withBackend(create, async ({ open }) => {
      const keyed = await open(STRING_KEYS);
      const state = keyed.getMapState(NUMBERS);
      keyed.setCurrentKey('k');
      state.putAll(Object.entries({ a: 1, b: 2, c: 3 }));
      for (const entry of state) {
        if (entry.key === 'b') {
          entry.remove();
          expect(entry.value).toBeUndefined();
        } else {
          entry.setValue((entry.value ?? 0) * 10);
          expect(entry.value).toBe(state.get(entry.key));
        }
      }
      expect(contents(state)).toEqual(new Map(Object.entries({ a: 10, c: 30 })));
    }));

  it('refuses to set the value of a removed entry (T040)', () =>
    withBackend(create, async ({ open }) => {
      const keyed = await open(STRING_KEYS);
      const state = keyed.getMapState(NUMBERS);
      keyed.setCurrentKey('k');
      state.put('a', 1);
      const [entry] = state;
      entry?.remove();
      expect(() => entry?.setValue(2)).toThrow(StateAccessError);
      expect(() => entry?.setValue(2)).toThrow(expect.objectContaining({ code: 'ERR_ENTRY_REMOVED' }));
      expect(state.contains('a')).toBe(false);
    }));

  it('shows an entry the value that it had when it was read', () =>
    withBackend(create, async ({ open }) => {
      const keyed = await open(STRING_KEYS);
      const state = keyed.getMapState(NUMBERS);
      keyed.setCurrentKey('k');
      state.put('a', 1);
      const [entry] = state;
      state.put('a', 2);
      expect(entry?.value).toBe(1);
    }));

  it('iterates over the entries that there were when the iterator was asked for', () =>
    withBackend(create, async ({ open }) => {
      const keyed = await open(STRING_KEYS);
      const state = keyed.getMapState(NUMBERS);
      keyed.setCurrentKey('k');
      state.put('a', 1);
      const iterators = [state.keys(), state.values(), state.entries(), state[Symbol.iterator]()];
      const asyncKeys = state.asyncKeys();
      expect(await asyncKeys.next()).toEqual({ done: false, value: 'a' });
      state.put('b', 2);
      keyed.setCurrentKey('another');
      expect(iterators.map((iterator) => [...(iterator as Iterable<unknown>)].length)).toEqual([1, 1, 1, 1]);
      expect(await asyncKeys.next()).toEqual({ done: true, value: undefined });
    }));

  it.each([
    ['undefined', undefined, /must be a Map or another iterable of \[key, value\]; received undefined/],
    ['a plain object', { a: 1 }, /must be a Map or another iterable of \[key, value\]; received an instance of Object/],
    ['keys alone', ['a'], /Each entry for map state 'numbers' must be \[key, value\]; received "a" \(at index 0\)/],
  ])('refuses to put all of %s', (_what, entries, message) =>
    withBackend(create, async ({ open }) => {
      const keyed = await open(STRING_KEYS);
      const state = keyed.getMapState(NUMBERS);
      keyed.setCurrentKey('k');
      const refusal = expect.objectContaining({
        name: 'TypeError',
        code: 'ERR_INVALID_MAP',
        message: expect.stringMatching(message),
      });
      expect(() => state.putAll(entries as never)).toThrow(refusal);
      await expect(state.asyncPutAll(entries as never)).rejects.toThrow(refusal);
      expect(state.isEmpty()).toBe(true);
    }),
  );

  it('keeps an entry as it was when a value can not be written', () =>
    withBackend(create, async ({ open }) => {
      const keyed = await open(STRING_KEYS);
      const state = keyed.getMapState(NUMBERS);
      keyed.setCurrentKey('k');
      state.put('a', 1);
      const [entry] = state;
      expect(() => entry?.setValue(0.5)).toThrow(SerializationError);
      expect(entry?.value).toBe(1);
      expect(() => state.put('a', 0.5)).toThrow(/State 'numbers' could not be written under key "k", value 0\.5: /);
      expect(() => state.put(7 as unknown as string, 1)).toThrow(SerializationError);
      const entries = [['b', 2] as const, ['c', 0.5] as const];
      expect(() => state.putAll(entries)).toThrow(SerializationError);
      expect(contents(state)).toEqual(new Map([['a', 1]]));
    }));

  it.each([
    ['a nullable type', nullable(Types.LONG)],
    ['JSON', Types.JSON<number | null>()],
  ])('holds null values of %s, which are entries like any other (T041)', (_what, valueType) =>
    withBackend(create, async (bench) => {
      const descriptor = new MapStateDescriptor('sparse', Types.STRING, valueType);
      const keyed = await bench.open(STRING_KEYS);
      keyed.setCurrentKey('k');
      keyed.getMapState(descriptor).put('null', null);
      keyed.getMapState(descriptor).putAll([
        ['one', 1],
        ['null, too', null],
      ]);
      const expected = new Map(Object.entries({ null: null, 'null, too': null, one: 1 }));
      for (const backend of [keyed, await restored(bench, keyed, STRING_KEYS)]) {
        backend.setCurrentKey('k');
        const state = backend.getMapState(descriptor);
        expect(state.get('null')).toBeNull();
        expect([state.contains('null'), state.contains('none')]).toEqual([true, false]);
        expect(contents(state)).toEqual(expected);
        expect([...state.values()].filter((value) => value === null)).toHaveLength(2);
        state.remove('null');
        expect([state.contains('null'), state.get('null')]).toEqual([false, undefined]);
      }
    }),
  );

  it('lets entries become null and something again while iterating (T041)', () =>
    withBackend(create, async ({ open }) => {
      const keyed = await open(STRING_KEYS);
      const state = keyed.getMapState(new MapStateDescriptor('sparse', Types.STRING, nullable(Types.LONG)));
      keyed.setCurrentKey('k');
      state.putAll([
        ['a', null],
        ['b', 2],
      ]);
      for (const entry of state) {
        entry.setValue(entry.value === null ? 1 : null);
      }
      expect(contents(state)).toEqual(
        new Map([
          ['a', 1],
          ['b', null],
        ]),
      );
    }));

  it('refuses a null that its type can not hold (T041)', () =>
    withBackend(create, async ({ open }) => {
      const keyed = await open(STRING_KEYS);
      const state = keyed.getMapState(NUMBERS);
      keyed.setCurrentKey('k');
      expect(() => state.put('a', null as unknown as number)).toThrow(SerializationError);
      expect(state.isEmpty()).toBe(true);
    }));

  it('answers for an unused key as for an empty map (T042)', () =>
    withBackend(create, async ({ open }) => {
      const keyed = await open(STRING_KEYS);
      const state = keyed.getMapState(NUMBERS);
      keyed.setCurrentKey('unused');
      expect(state.get('a')).toBeUndefined();
      expect([...state.keys(), ...state.values(), ...state.entries()]).toEqual([]);
      state.clear();
      state.putAll([]);
      expect(state.isEmpty()).toBe(true);
      expect([...keyed.getKeys('numbers')]).toEqual([]);
    }));

  it('keeps maps apart whose key, namespace and user key run into each other (T043)', () =>
    withBackend(create, async ({ open }) => {
      const keyed = await open({ keyType: Types.BYTES });
      const descriptor = new MapStateDescriptor('windowed', Types.STRING, Types.STRING);
      const texts = ['', 'n', 'nn', 'nnn', '\u0001', 'n\u0001'];
      const keys = [[], [1], [1, 2], [1, 2, 0]].map((bytes) => Uint8Array.from(bytes));
      const at = (key: Uint8Array, namespace: string) => {
        keyed.setCurrentKey(key);
        return keyed.getPartitionedState(descriptor, { namespace, namespaceType: Types.STRING });
      };
      const longKey = 'x'.repeat(10_000);
      const places = keys.flatMap((key) => texts.map((namespace) => [key, namespace] as const));
      for (const [key, namespace] of places) {
        at(key, namespace).putAll([...texts, longKey].map((userKey) => [userKey, `${key}/${namespace}/${userKey}`]));
      }
      const expectWhole = ([key, namespace]: (typeof places)[number]) => {
        const map = contents(at(key, namespace));
        expect(map).toEqual(new Map([...texts, longKey].map((each) => [each, `${key}/${namespace}/${each}`])));
      };
      places.forEach(expectWhole);
      for (const [index, [key, namespace]] of places.entries()) {
        at(key, namespace).clear();
        expect(at(key, namespace).isEmpty()).toBe(true);
        places.slice(index + 1).forEach(expectWhole);
      }
    }));

  it.each([128, 129, 256, 257, MANY])('iterates over each of %d entries once (T044)', (size) =>
    withBackend(create, async (bench) => {
      const keyed = await bench.open(STRING_KEYS);
      const entries = Array.from({ length: size }, (_, index) => [`key ${index}`, index] as const);
      under(keyed, 'k', () => keyed.getMapState(NUMBERS).putAll(entries));
      under(keyed, 'neighbour', () => keyed.getMapState(NUMBERS).put('key', -1));
      const again = await restored(bench, keyed, STRING_KEYS);
      again.setCurrentKey('k');
      const state = again.getMapState(NUMBERS);
      const keys = [...state.keys()];
      expect(keys.toSorted()).toEqual(entries.map(([key]) => key).toSorted());
      expect([...state.values()]).toEqual(keys.map((key) => Number(key.slice('key '.length))));
      expect([...state].map(({ key }) => key)).toEqual(keys);
      state.clear();
      expect(state.isEmpty()).toBe(true);
      expect(await again.numKeyValueStateEntries()).toBe(1);
    }),
  );

  it('can be iterated over in part, and several times at once', () =>
    withBackend(create, async ({ open }) => {
      const keyed = await open(STRING_KEYS);
      const state = keyed.getMapState(NUMBERS);
      keyed.setCurrentKey('k');
      state.putAll(Array.from({ length: 300 }, (_, index) => [`${index}`, index] as const));
      const all = [...state.keys()];
      for (const key of state.keys()) {
        expect(key).toBe(all[0]);
        break;
      }
      const [left, right] = [state.keys(), state.keys()];
      expect(all.map(() => [left.next().value, right.next().value])).toEqual(all.map((key) => [key, key]));
      expect([left.next().done, right.next().done]).toEqual([true, true]);
      expect(left.next().done).toBe(true);
    }));

  it('shares nothing with another map state whose keys start alike (T045)', () =>
    withBackend(create, async ({ open }) => {
      const keyed = await open(STRING_KEYS);
      const [one, two] = ['map', 'map2'].map((name) =>
        keyed.getMapState(new MapStateDescriptor(name, Types.STRING, Types.LONG)),
      ) as [MapState<string, number>, MapState<string, number>];
      const keys = ['a', 'aa', 'aaa', ''];
      const userKeys = ['', 'a', 'aa', 'aaa'].map((key, index) => [key, index] as const);
      underEach(keyed, keys, () => [one, two].map((state) => state.putAll(userKeys)));
      under(keyed, 'aa', () => one.clear());
      const sizes = (state: MapState<string, number>) => underEach(keyed, keys, () => [...state.keys()].length);
      expect(sizes(one)).toEqual([4, 0, 4, 4]);
      expect(sizes(two)).toEqual([4, 4, 4, 4]);
    }));

  it('takes entries from any iterable, even from one that uses the state', () =>
    withBackend(create, async ({ open }) => {
      const keyed = await open(STRING_KEYS);
      const state = keyed.getMapState(NUMBERS);
      keyed.setCurrentKey('k');
      state.putAll(Object.entries({ a: 1, b: 2 }));
      function* copies() {
        for (const { key } of state) {
          yield [`${key}'`, (state.get(key) ?? 0) * 10] as const;
        }
      }
      state.putAll(copies());
      expect(contents(state)).toEqual(new Map(Object.entries({ a: 1, b: 2, "a'": 10, "b'": 20 })));
    }));

  it('has user keys of every type, told apart by what they are', () =>
    withBackend(create, async ({ open }) => {
      const keyed = await open(STRING_KEYS);
      keyed.setCurrentKey('k');
      const doubles = keyed.getMapState(new MapStateDescriptor('doubles', Types.DOUBLE, Types.STRING));
      doubles.putAll(
        [0, -0, Number.NaN, Number.POSITIVE_INFINITY].map((key) => [key, Object.is(key, -0) ? '-0' : `${key}`]),
      );
      expect([...doubles.values()].sort()).toEqual(['-0', '0', 'Infinity', 'NaN']);
      expect([doubles.get(-0), doubles.get(Number.NaN)]).toEqual(['-0', 'NaN']);

      const bytes = keyed.getMapState(new MapStateDescriptor('bytes', Types.BYTES, Types.LONG));
      bytes.put(Uint8Array.of(1, 2), 1);
      bytes.put(Uint8Array.of(1, 2), 2);
      bytes.put(Uint8Array.of(1), 3);
      expect(bytes.get(Uint8Array.of(1, 2))).toBe(2);
      expect([...bytes.keys()]).toHaveLength(2);

      const wide = keyed.getMapState(new MapStateDescriptor('wide', Types.BIGINT, Types.BOOLEAN));
      wide.put(2n ** 62n, true);
      expect([...wide.keys()]).toEqual([2n ** 62n]);
      expect([wide.get(2n ** 62n), wide.get(2n ** 62n + 1n)]).toEqual([true, undefined]);
    }));
});
