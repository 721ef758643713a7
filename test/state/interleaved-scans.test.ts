import { describe, expect, test } from 'vitest';
import {
  EmbeddedRocksDBStateBackend,
  type KeyedStateBackend,
  type MapState,
  MapStateDescriptor,
  Types,
} from '../../lib/index.ts';
import { withBackend } from '../support/with-backend.ts';

const MAP = new MapStateDescriptor('map', Types.INT, Types.STRING);
// Beyond the first page, and beyond several.
const SIZES = [3, 200, 5000];

const textOf = (key: number, entry: number) => `value ${entry} of ${key}`;

function withMaps(
  keys: number,
  size: number,
  work: (state: MapState<number, string>, keyed: KeyedStateBackend<number>) => Promise<void> | void,
): Promise<void> {
  return withBackend(
    () => new EmbeddedRocksDBStateBackend(),
    async ({ open }) => {
      const keyed = await open({ keyType: Types.INT, states: [MAP] });
      const state = keyed.getMapState(MAP);
      for (let key = 0; key < keys; key++) {
        keyed.setCurrentKey(key);
        state.putAll(Array.from({ length: size }, (_, entry) => [entry, textOf(key, entry)]));
      }
      await work(state, keyed);
    },
  );
}

const valuesOf = (key: number, size: number) => Array.from({ length: size }, (_, entry) => textOf(key, entry));

describe.each(SIZES)('of maps with %i entries', (size) => {
  test('iterators that take turns see each its own map', () =>
    withMaps(3, size, (state, keyed) => {
      const iterators = [0, 1, 2].map((key) => {
        keyed.setCurrentKey(key);
        return [key, state.values(), [] as string[]] as const;
      });
      for (let move = 0; move < size; move++) {
        for (const [, iterator, found] of iterators) {
          found.push(iterator.next().value as string);
        }
      }
      for (const [key, iterator, found] of iterators) {
        expect(found).toEqual(valuesOf(key, size));
        expect(iterator.next()).toEqual({ value: undefined, done: true });
      }
    }));

  test('an iterator goes on while others begin, end early and are forgotten, and while state is read and written', () =>
    withMaps(2, size, (state, keyed) => {
      keyed.setCurrentKey(0);
      const found: string[] = [];
      for (const value of state.values()) {
        found.push(value);
        keyed.setCurrentKey(1);
        state.keys().next();
        for (const _ of state.values()) {
          break;
        }
        expect(state.isEmpty()).toBe(false);
        expect(state.get(1)).toBe(textOf(1, 1));
        state.put(-found.length, 'more');
        keyed.setCurrentKey(0);
        state.remove(found.length);
      }
      expect(found).toEqual(valuesOf(0, size));
    }));

  test('entries that are kept can be set and removed after the loop, and after others', () =>
    withMaps(2, size, (state, keyed) => {
      keyed.setCurrentKey(0);
      const kept = [...state.entries()];
      keyed.setCurrentKey(1);
      expect([...state.values()]).toEqual(valuesOf(1, size));
      expect(Array.from(state, ({ value }) => value)).toEqual(valuesOf(1, size));
      for (const entry of kept) {
        if (entry.key % 2 === 0) {
          entry.remove();
        } else {
          entry.setValue(`new ${entry.key}`);
        }
      }
      expect([...state.values()]).toEqual(valuesOf(1, size));
      keyed.setCurrentKey(0);
      const odd = Array.from({ length: size }, (_, entry) => entry).filter((entry) => entry % 2 === 1);
      expect(Array.from(state, ({ key, value }) => [key, value])).toEqual(odd.map((entry) => [entry, `new ${entry}`]));
    }));

  test('an iterator that is left gives nothing more', () =>
    withMaps(1, size, (state, keyed) => {
      keyed.setCurrentKey(0);
      const iterator = state.keys();
      iterator.next();
      iterator.return?.();
      iterator.return?.();
      const other = state.values();
      expect(iterator.next().done).toBe(true);
      expect([...other]).toEqual(valuesOf(0, size));
    }));
});

test('a row larger than any page is read between others', () =>
  withMaps(1, 2, (state, keyed) => {
    keyed.setCurrentKey(0);
    const large = 'x'.repeat(1_000_000);
    state.put(1, large);
    state.put(2, 'last');
    expect([...state.values()]).toEqual([textOf(0, 0), large, 'last']);
    expect(Array.from(state, ({ key, value }) => [key, value?.length])).toEqual([
      [0, textOf(0, 0).length],
      [1, large.length],
      [2, 4],
    ]);
  }));

test('keys and values of all lengths that a batch writes down in another way are put at once', () =>
  withBackend(
    () => new EmbeddedRocksDBStateBackend(),
    async ({ open }) => {
      const TEXTS = new MapStateDescriptor('texts', Types.STRING, Types.STRING);
      const keyed = await open({ keyType: Types.INT, states: [TEXTS] });
      keyed.setCurrentKey(1);
      const lengths = [0, 1, 110, 120, 124, 125, 126, 127, 128, 16_000, 16_381, 16_382, 16_383, 16_384, 2_100_000];
      const entries = lengths.map((length) => ['k'.repeat(length), 'v'.repeat(length)] as const);
      const state = keyed.getMapState(TEXTS);
      state.putAll(entries);
      expect(lengths.map((length) => state.get('k'.repeat(length))?.length)).toEqual(lengths);
      expect([...state.keys()].map((key) => key.length).sort((a, b) => a - b)).toEqual(lengths);
    },
  ));

test('closing while a map is iterated over ends it with an error where there is more to read', () =>
  withMaps(1, 5000, async (state, keyed) => {
    keyed.setCurrentKey(0);
    const iterator = state.values();
    expect(iterator.next().value).toBe(textOf(0, 0));
    await keyed.close();
    expect(() => {
      while (!iterator.next().done) {
        // The rest of the page that was read before.
      }
    }).toThrow(/closed/);
    expect(iterator.next().done).toBe(true);
  }));
