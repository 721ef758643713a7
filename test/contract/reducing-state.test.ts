import { describe, expect, it } from 'vitest';
import { ReducingStateDescriptor } from '../../lib/api/descriptors.ts';
import { Types } from '../../lib/bytes/types.ts';
import { SerializationError } from '../../lib/errors.ts';
import { concatenate, sum } from '../support/functions.ts';
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

const TOTAL = new ReducingStateDescriptor('total', sum, Types.LONG);
const STRING_KEYS = { keyType: Types.STRING };

describe.each(Object.entries(BACKENDS))('reducing state on %s', (_name, create) => {
  it('reduces in the order of adding, and every snapshot keeps its own value (T031)', () =>
    withBackend(create, async (bench) => {
      const text = new ReducingStateDescriptor('text', concatenate, Types.STRING);
      const options = { keyType: Types.LONG };
      const keyed = await bench.open(options);
      const state = keyed.getReducingState(text);
      expect(under(keyed, 1, () => state.get())).toBeUndefined();
      under(keyed, 1, () => state.add('1'));
      under(keyed, 2, () => state.add('2'));
      const first = await restored(bench, keyed, options);
      under(keyed, 1, () => state.add('u1'));
      under(keyed, 2, () => state.add('u2'));
      under(keyed, 3, () => state.add('u3'));
      const second = await restored(bench, keyed, options);

      expect(underEach(first, [1, 2, 3], () => first.getReducingState(text).get())).toEqual(['1', '2', undefined]);
      expect(underEach(second, [1, 2, 3], () => second.getReducingState(text).get())).toEqual(['1u1', '2u2', 'u3']);
      under(second, 1, () => second.getReducingState(text).add('!'));
      expect(under(second, 1, () => second.getReducingState(text).get())).toBe('1u1!');
    }));

  it('adds and clears under several keys, and leaves nothing when all are cleared (T032, T063)', () =>
    withBackend(create, async ({ open }) => {
      const keyed = await open(STRING_KEYS);
      const state = keyed.getReducingState(TOTAL);
      const totals = () => underEach(keyed, ['abc', 'def', 'g'], () => state.get());
      under(keyed, 'def', () => [17, 11].map((value) => state.add(value)));
      expect(totals()).toEqual([undefined, 28, undefined]);
      under(keyed, 'g', () => [1, 2].map((value) => state.add(value)));
      under(keyed, 'def', () => state.clear());
      under(keyed, 'g', () => [3, 2, 1].map((value) => state.add(value)));
      expect(totals()).toEqual([undefined, undefined, 9]);
      under(keyed, 'g', () => state.clear());
      expect(totals()).toEqual([undefined, undefined, undefined]);
      expect(await keyed.numKeyValueStateEntries()).toBe(0);
    }));

  it('merges namespaces however their values are spread (T033, T063)', () =>
    withBackend(create, async ({ open }) => {
      const keyed = await open(STRING_KEYS);
      addSpreads(keyed, TOTAL);
      mergeSpreads(keyed, TOTAL);
      expect(readTargets(keyed, TOTAL)).toEqual(everySpread<number | undefined>(165, undefined));
      const empty = everySpread(undefined, undefined);
      expect(readSources(keyed, TOTAL)).toEqual([empty, empty]);
      clearTargets(keyed, TOTAL);
      expect(await keyed.numKeyValueStateEntries()).toBe(0);
    }));

  it('keeps its value when the function fails, or gives what can not be written', () =>
    withBackend(create, async ({ open }) => {
      const keyed = await open(STRING_KEYS);
      const divide = (first: number, second: number) => {
        if (second === 0) {
          throw new Error('Division by zero');
        }
        return first / second;
      };
      const state = keyed.getReducingState(new ReducingStateDescriptor('quotient', divide, Types.LONG));
      keyed.setCurrentKey('k');
      state.add(9);
      expect(() => state.add(0)).toThrow('Division by zero');
      expect(() => state.add(2)).toThrow(SerializationError);
      expect(state.get()).toBe(9);
      state.add(3);
      expect(state.get()).toBe(3);
    }));

  it('tells a null value from none', () =>
    withBackend(create, async ({ open }) => {
      const keyed = await open(STRING_KEYS);
      const pairs: string[] = [];
      const newest = (first: number | null, second: number | null) => {
        pairs.push(`${first} ${second}`);
        return second;
      };
      const state = keyed.getReducingState(new ReducingStateDescriptor('newest', newest, Types.JSON<number | null>()));
      keyed.setCurrentKey('k');
      for (const value of [null, 1, null]) {
        state.add(value);
        expect(state.get()).toBe(value);
      }
      expect(pairs).toEqual(['null 1', '1 null']);
    }));
});
