import { describe, expect, it } from 'vitest';
import { AggregatingStateDescriptor } from '../../lib/api/descriptors.ts';
import type { AggregateFunction } from '../../lib/api/functions.ts';
import { Types } from '../../lib/bytes/types.ts';
import { immutableSum, mutableSum, type Sum } from '../support/functions.ts';
import {
  addSpreads,
  clearTargets,
  everySpread,
  mergeSpreads,
  readSources,
  readTargets,
} from '../support/namespace-merges.ts';
import { under, underEach } from '../support/per-key.ts';
import { restored } from '../support/restored.ts';
import { BACKENDS, withBackend } from '../support/with-backend.ts';

const STRING_KEYS = { keyType: Types.STRING };

/** The mean of numbers: what goes in, what is kept and what comes out are of three types. */
const mean: AggregateFunction<number, { count: number; total: number }, string> = {
  createAccumulator: () => ({ count: 0, total: 0 }),
  add: (value, { count, total }) => ({ count: count + 1, total: total + value }),
  getResult: ({ count, total }) => (total / count).toFixed(2),
  merge: (first, second) => ({ count: first.count + second.count, total: first.total + second.total }),
};

describe.each(Object.entries(BACKENDS))('aggregating state on %s', (_name, create) => {
  it.each([
    ['mutable', 'T034, T063', mutableSum],
    ['immutable', 'T035, T063', immutableSum],
  ])('adds and clears under several keys with a %s accumulator (%s)', (_kind, _tests, aggregate) =>
    withBackend(create, async ({ open }) => {
      const keyed = await open(STRING_KEYS);
      const state = keyed.getAggregatingState(new AggregatingStateDescriptor('sum', aggregate, Types.JSON<Sum>()));
      const sums = () => underEach(keyed, ['abc', 'def', 'g'], () => state.get());
      under(keyed, 'def', () => [17, 11].map((value) => state.add(value)));
      expect(sums()).toEqual([undefined, 28, undefined]);
      under(keyed, 'g', () => [1, 2].map((value) => state.add(value)));
      under(keyed, 'def', () => state.clear());
      under(keyed, 'g', () => [3, 2, 1].map((value) => state.add(value)));
      expect(sums()).toEqual([undefined, undefined, 9]);
      under(keyed, 'g', () => state.clear());
      expect(sums()).toEqual([undefined, undefined, undefined]);
      expect(await keyed.numKeyValueStateEntries()).toBe(0);
    }),
  );

  it.each([
    ['mutable', 'T036, T063', mutableSum],
    ['immutable', 'T037, T063', immutableSum],
  ])('merges namespaces with a %s accumulator however the values are spread (%s)', (_kind, _tests, aggregate) =>
    withBackend(create, async ({ open }) => {
      const keyed = await open(STRING_KEYS);
      const descriptor = new AggregatingStateDescriptor('sum', aggregate, Types.JSON<Sum>());
      addSpreads(keyed, descriptor);
      mergeSpreads(keyed, descriptor);
      expect(readTargets(keyed, descriptor)).toEqual(everySpread<number | undefined>(165, undefined));
      const empty = everySpread(undefined, undefined);
      expect(readSources(keyed, descriptor)).toEqual([empty, empty]);
      clearTargets(keyed, descriptor);
      expect(await keyed.numKeyValueStateEntries()).toBe(0);
    }),
  );

  it('gives the result of the accumulator, and goes on with it after a restore', () =>
    withBackend(create, async (bench) => {
      const descriptor = new AggregatingStateDescriptor('mean', mean, Types.JSON<{ count: number; total: number }>());
      const keyed = await bench.open(STRING_KEYS);
      keyed.setCurrentKey('k');
      const state = keyed.getAggregatingState(descriptor);
      for (const value of [1, 2, 2]) {
        state.add(value);
      }
      expect(state.get()).toBe('1.67');
      const again = await restored(bench, keyed, STRING_KEYS);
      again.setCurrentKey('k');
      again.getAggregatingState(descriptor).add(3);
      expect(again.getAggregatingState(descriptor).get()).toBe('2.00');
      expect(state.get()).toBe('1.67');
    }));

  it('keeps its accumulator when adding fails', () =>
    withBackend(create, async ({ open }) => {
      const keyed = await open(STRING_KEYS);
      const picky: typeof mutableSum = {
        ...mutableSum,
        add(value, accumulator) {
          if (value < 0) {
            throw new Error('Only from 0 up');
          }
          return immutableSum.add(value, accumulator);
        },
      };
      const state = keyed.getAggregatingState(new AggregatingStateDescriptor('sum', picky, Types.JSON<Sum>()));
      keyed.setCurrentKey('k');
      state.add(5);
      expect(() => state.add(-1)).toThrow('Only from 0 up');
      expect(state.get()).toBe(5);
    }));

  it('hands a null accumulator on, as it does any other', () =>
    withBackend(create, async ({ open }) => {
      const keyed = await open(STRING_KEYS);
      /** Whether nothing but the same value was added: `null` once there was another. */
      const same: AggregateFunction<string, string | null, string> = {
        createAccumulator: () => '',
        add: (value, only) => (only === '' || only === value ? value : null),
        getResult: (only) => only ?? 'various',
        merge: (first, second) => (first === second ? first : null),
      };
      const state = keyed.getAggregatingState(
        new AggregatingStateDescriptor('same', same, Types.JSON<string | null>()),
      );
      keyed.setCurrentKey('k');
      const results = ['a', 'a', 'b', 'a'].map((value) => {
        state.add(value);
        return state.get();
      });
      expect(results).toEqual(['a', 'a', 'various', 'various']);
    }));
});
