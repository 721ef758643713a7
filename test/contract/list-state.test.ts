import { describe, expect, it } from 'vitest';
import { ListStateDescriptor } from '../../lib/api/descriptors.ts';
import { Types } from '../../lib/bytes/types.ts';
import { SerializationError } from '../../lib/errors.ts';
import {
  addSpreads,
  clearTargets,
  everySpread,
  mergeSpreads,
  readSources,
  readTargets,
  SPREAD_VALUES,
  type Spreads,
} from '../support/namespace-merges.ts';
import { under, underEach } from '../support/per-key.ts';
import { restored } from '../support/restored.ts';
import { BACKENDS, withBackend } from '../support/with-backend.ts';

const NUMBERS = new ListStateDescriptor('numbers', Types.LONG);
const STRING_KEYS = { keyType: Types.STRING };

const ascending = (lists: Spreads<number[]>): Spreads<number[]> =>
  Object.fromEntries(Object.entries(lists).map(([key, list]) => [key, list.toSorted((a, b) => a - b)]));

describe.each(Object.entries(BACKENDS))('list state on %s', (_name, create) => {
  it('keeps the order of elements, and every snapshot its own lists (T020)', () =>
    withBackend(create, async (bench) => {
      const texts = new ListStateDescriptor('texts', Types.STRING);
      const options = { keyType: Types.LONG };
      const keyed = await bench.open(options);
      const state = keyed.getListState(texts);
      expect(underEach(keyed, [1, 2], () => state.get())).toEqual([[], []]);
      under(keyed, 1, () => state.add('1'));
      under(keyed, 2, () => state.add('2'));
      const first = await restored(bench, keyed, options);
      under(keyed, 1, () => state.add('u1'));
      under(keyed, 2, () => state.update(['u2', 'and more']));
      under(keyed, 3, () => state.addAll(['u3', 'u3', '']));
      const second = await restored(bench, keyed, options);

      expect(underEach(first, [1, 2, 3], () => first.getListState(texts).get())).toEqual([['1'], ['2'], []]);
      expect(underEach(second, [1, 2, 3], () => second.getListState(texts).get())).toEqual([
        ['1', 'u1'],
        ['u2', 'and more'],
        ['u3', 'u3', ''],
      ]);
    }));

  it('goes on with a restored list (T020)', () =>
    withBackend(create, async (bench) => {
      const keyed = await bench.open(STRING_KEYS);
      under(keyed, 'k', () => keyed.getListState(NUMBERS).addAll([1, 2]));
      const again = await restored(bench, keyed, STRING_KEYS);
      again.setCurrentKey('k');
      again.getListState(NUMBERS).add(3);
      expect([...again.getListState(NUMBERS)]).toEqual([1, 2, 3]);
    }));

  describe.each([null, undefined])('given %s', (nothing) => {
    const element = nothing as unknown as number;
    const list = nothing as unknown as number[];

    it.each([
      ['an element (T021)', (numbers: number) => [numbers], 'add'],
      ['elements to add (T023)', (numbers: number) => [1, numbers, 3], 'addAll'],
      ['elements to replace the list (T026)', (numbers: number) => [1, numbers, 3], 'update'],
    ] as const)('refuses it among %s and stays as it was', (_what, elements, call) =>
      withBackend(create, async ({ open }) => {
        const keyed = await open(STRING_KEYS);
        const state = keyed.getListState(NUMBERS);
        keyed.setCurrentKey('k');
        state.addAll([7, 8]);
        const values = elements(element);
        expect(() => (call === 'add' ? state.add(values[0] as number) : state[call](values))).toThrow(
          SerializationError,
        );
        expect(state.get()).toEqual([7, 8]);
      }),
    );

    it.each([
      ['to add (T022)', 'addAll'],
      ['to replace the list (T025)', 'update'],
    ] as const)('refuses it as the elements %s', (_what, call) =>
      withBackend(create, async ({ open }) => {
        const keyed = await open(STRING_KEYS);
        const state = keyed.getListState(NUMBERS);
        keyed.setCurrentKey('k');
        state.add(7);
        expect(() => state[call](list)).toThrow(
          expect.objectContaining({ name: 'TypeError', code: 'ERR_INVALID_LIST' }),
        );
        expect(state.get()).toEqual([7]);
      }),
    );
  });

  it('is not changed by adding no elements (T024)', () =>
    withBackend(create, async ({ open }) => {
      const keyed = await open(STRING_KEYS);
      const state = keyed.getListState(NUMBERS);
      keyed.setCurrentKey('never written');
      state.addAll([]);
      expect(state.get()).toEqual([]);
      keyed.setCurrentKey('written');
      state.addAll([3, 4]);
      state.addAll([]);
      expect(state.get()).toEqual([3, 4]);
      expect([...keyed.getKeys('numbers')]).toEqual(['written']);
    }));

  it('is cleared by an update with no elements (T027)', () =>
    withBackend(create, async ({ open }) => {
      const keyed = await open(STRING_KEYS);
      const state = keyed.getListState(NUMBERS);
      keyed.setCurrentKey('k');
      state.addAll([1, 2, 3]);
      state.update([]);
      expect(state.get()).toEqual([]);
      expect(await keyed.numKeyValueStateEntries()).toBe(0);
    }));

  it('adds and clears under several keys, and leaves nothing when all are cleared (T028, T063)', () =>
    withBackend(create, async ({ open }) => {
      const keyed = await open(STRING_KEYS);
      const state = keyed.getListState(NUMBERS);
      const lists = () => underEach(keyed, ['abc', 'def', 'g'], () => state.get());
      under(keyed, 'def', () => state.addAll([17, 11]));
      expect(lists()).toEqual([[], [17, 11], []]);
      under(keyed, 'g', () => state.addAll([1, 2]));
      under(keyed, 'def', () => state.clear());
      under(keyed, 'g', () => [3, 2, 1].map((value) => state.add(value)));
      expect(lists()).toEqual([[], [], [1, 2, 3, 2, 1]]);
      under(keyed, 'g', () => state.clear());
      expect(lists()).toEqual([[], [], []]);
      expect(await keyed.numKeyValueStateEntries()).toBe(0);
    }));

  it('takes additions after an update, and updates after additions (T029)', () =>
    withBackend(create, async ({ open }) => {
      const keyed = await open(STRING_KEYS);
      const state = keyed.getListState(NUMBERS);
      under(keyed, 'abc', () => state.update([10, 16]));
      under(keyed, 'def', () => state.addAll([5, 6]));
      under(keyed, 'abc', () => state.addAll([25, 26]));
      under(keyed, 'def', () => state.update([17]));
      under(keyed, 'def', () => state.add(11));
      expect(underEach(keyed, ['abc', 'def'], () => state.get())).toEqual([
        [10, 16, 25, 26],
        [17, 11],
      ]);
    }));

  it('takes elements from any iterable, even from one that reads the state', () =>
    withBackend(create, async ({ open }) => {
      const keyed = await open(STRING_KEYS);
      const state = keyed.getListState(NUMBERS);
      keyed.setCurrentKey('k');
      state.update(new Set([1, 2]));
      function* successors() {
        for (const value of state) {
          yield value + state.get().length;
        }
      }
      state.addAll(successors());
      expect(state.get()).toEqual([1, 2, 3, 4]);
      state.update(successors());
      expect(state.get()).toEqual([5, 6, 7, 8]);
    }));

  it('gives out a new array every time', () =>
    withBackend(create, async ({ open }) => {
      const keyed = await open(STRING_KEYS);
      const state = keyed.getListState(NUMBERS);
      keyed.setCurrentKey('k');
      state.addAll([1, 2]);
      state.get().push(3);
      expect(state.get()).toEqual([1, 2]);
    }));

  it('holds thousands of elements, also such whose bytes contain the delimiter', () =>
    withBackend(create, async (bench) => {
      const texts = new ListStateDescriptor('texts', Types.STRING);
      const keyed = await bench.open(STRING_KEYS);
      const elements = Array.from({ length: 5000 }, (_, index) => `,${','.repeat(index % 50)}${index}`);
      keyed.setCurrentKey('k');
      for (const element of elements) {
        keyed.getListState(texts).add(element);
      }
      expect(keyed.getListState(texts).get()).toEqual(elements);
      const again = await restored(bench, keyed, STRING_KEYS);
      expect(under(again, 'k', () => again.getListState(texts).get())).toEqual(elements);
    }));

  it('merges namespaces however their elements are spread (T030, T063)', () =>
    withBackend(create, async ({ open }) => {
      const keyed = await open(STRING_KEYS);
      addSpreads(keyed, NUMBERS);
      mergeSpreads(keyed, NUMBERS);
      expect(ascending(readTargets(keyed, NUMBERS))).toEqual(everySpread(SPREAD_VALUES, []));
      expect(readSources(keyed, NUMBERS)).toEqual([everySpread([], []), everySpread([], [])]);
      clearTargets(keyed, NUMBERS);
      expect(await keyed.numKeyValueStateEntries()).toBe(0);
    }));
});
