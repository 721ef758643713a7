// State in memory is live objects: what a program changes in them must not reach a snapshot that was taken before.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { KeyedStateBackend } from '../../lib/api/backend.ts';
import {
  AggregatingStateDescriptor,
  ListStateDescriptor,
  MapStateDescriptor,
  ReducingStateDescriptor,
  ValueStateDescriptor,
} from '../../lib/api/descriptors.ts';
import { HashMapStateBackend } from '../../lib/backend/hash-map-state-backend.ts';
import { Types } from '../../lib/bytes/types.ts';
import { CheckpointError } from '../../lib/errors.ts';
import { HeldStorage } from '../support/held-storage.ts';
import { withBackend } from '../support/with-backend.ts';

interface Box {
  n: number;
}

const BOX = Types.JSON<Box>();
const VALUE = new ValueStateDescriptor('value', BOX);
const LIST = new ListStateDescriptor('list', BOX);
const MAP = new MapStateDescriptor('map', Types.STRING, BOX);
const REDUCED = new ReducingStateDescriptor<Box>('reduced', addInPlace, BOX);
const AGGREGATED = new AggregatingStateDescriptor<number, Box, number>(
  'aggregated',
  {
    createAccumulator: () => ({ n: 0 }),
    add: (value, accumulator) => addInPlace(accumulator, { n: value }),
    getResult: ({ n }) => n,
    merge: addInPlace,
  },
  BOX,
);

const create = () => new HashMapStateBackend();

function addInPlace(first: Box, second: Box): Box {
  first.n += second.n;
  return first;
}

function statesOf(keyed: KeyedStateBackend<number>) {
  return {
    value: keyed.getState(VALUE),
    list: keyed.getListState(LIST),
    map: keyed.getMapState(MAP),
    reduced: keyed.getReducingState(REDUCED),
    aggregated: keyed.getAggregatingState(AGGREGATED),
  };
}

/** What the states of a key hold, as a copy. */
function pictureOf(keyed: KeyedStateBackend<number>, key: number): unknown {
  keyed.setCurrentKey(key);
  const { value, list, map, reduced, aggregated } = statesOf(keyed);
  const entries = [...map].map((entry) => [entry.key, entry.value]);
  return structuredClone([value.value(), list.get(), entries, reduced.get(), aggregated.get()]);
}

type Step = (keyed: KeyedStateBackend<number>, n: number) => void;

/** Ways to write, and to change what was read in place. */
const STEPS: Readonly<Record<string, Step>> = {
  update: (keyed, n) => statesOf(keyed).value.update({ n }),
  changeValue(keyed, n) {
    const box = statesOf(keyed).value.value();
    if (box !== undefined) {
      box.n += n;
    }
  },
  clear: (keyed) => statesOf(keyed).value.clear(),
  add: (keyed, n) => statesOf(keyed).list.add({ n }),
  changeList(keyed, n) {
    for (const box of statesOf(keyed).list) {
      box.n += n;
    }
  },
  replaceList: (keyed, n) => statesOf(keyed).list.update([{ n }, { n }]),
  clearList: (keyed) => statesOf(keyed).list.clear(),
  put: (keyed, n) => statesOf(keyed).map.put(String(n % 3), { n }),
  changeMapValue(keyed, n) {
    const box = statesOf(keyed).map.get(String(n % 3));
    if (box !== undefined) {
      box.n += n;
    }
  },
  changeMapValues(keyed, n) {
    for (const box of statesOf(keyed).map.values()) {
      box.n += n;
    }
  },
  changeEntries(keyed, n) {
    for (const entry of statesOf(keyed).map) {
      if (entry.value !== undefined) {
        entry.value.n += n;
      }
    }
  },
  setEntries(keyed, n) {
    for (const entry of statesOf(keyed).map) {
      entry.setValue({ n });
    }
  },
  removeMapKey: (keyed, n) => statesOf(keyed).map.remove(String(n % 3)),
  reduce: (keyed, n) => statesOf(keyed).reduced.add({ n }),
  changeReduced(keyed, n) {
    const box = statesOf(keyed).reduced.get();
    if (box !== undefined) {
      box.n += n;
    }
  },
  aggregate: (keyed, n) => statesOf(keyed).aggregated.add(n),
};

const KEYS = [1, 2, 3];

const step = fc.oneof(
  {
    weight: 10,
    arbitrary: fc.record({
      do: fc.constantFrom(...Object.keys(STEPS)),
      key: fc.constantFrom(...KEYS),
      n: fc.integer({ min: 1, max: 9 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom('snapshot' as const, 'finish the oldest' as const, 'finish the newest' as const),
  },
);

describe('live objects', () => {
  it('changed in place never show in a snapshot taken before, however long it takes', { timeout: 180_000 }, () =>
    fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 80, maxLength: 160 }), (steps) =>
        withBackend(create, async ({ open, storage }) => {
          const keyed = await open({ keyType: Types.LONG });
          const picture = () => KEYS.map((key) => pictureOf(keyed, key));
          const underWay: { finish(): Promise<void> }[] = [];
          let lastId = 0;
          for (const next of steps) {
            if (next === 'snapshot') {
              const held = new HeldStorage(storage);
              const expected = picture();
              const snapshot = keyed.snapshot(++lastId, held);
              await snapshot.captured;
              const finish = async () => {
                held.release();
                const restored = await open({ keyType: Types.LONG, restore: held.source(await snapshot) });
                expect(KEYS.map((key) => pictureOf(restored, key))).toEqual(expected);
                await restored.close();
              };
              underWay.push({ finish });
            } else if (typeof next === 'string') {
              await (next === 'finish the oldest' ? underWay.shift() : underWay.pop())?.finish();
            } else {
              keyed.setCurrentKey(next.key);
              STEPS[next.do]?.(keyed, next.n);
            }
          }
          for (const { finish } of underWay) {
            await finish();
          }
        }),
      ),
      { numRuns: 60 },
    ),
  );

  it('are the stored ones, but for one copy while a snapshot has them', () =>
    withBackend(create, async ({ open, storage }) => {
      const keyed = await open({ keyType: Types.LONG });
      const { value, list, map } = statesOf(keyed);
      keyed.setCurrentKey(1);
      value.update({ n: 1 });
      list.addAll([{ n: 1 }]);
      map.put('a', { n: 1 });
      const objects = () => [value.value(), list.get()[0], map.get('a')];
      const stored = objects();
      const held = new HeldStorage(storage);
      const snapshot = keyed.snapshot(1, held);
      await snapshot.captured;
      const copies = objects();
      held.release();
      await snapshot;
      const later = objects();
      for (const [index, box] of stored.entries()) {
        expect(copies[index]).toEqual(box);
        expect(copies[index]).not.toBe(box);
        expect(later[index]).toBe(copies[index]);
      }
    }));

  it('are not copied when the snapshot is over, whether it succeeded or not', () =>
    withBackend(create, async ({ open, storage }) => {
      const keyed = await open({ keyType: Types.LONG });
      const { value } = statesOf(keyed);
      keyed.setCurrentKey(1);
      value.update({ n: 1 });
      const box = value.value();
      await keyed.snapshot(1, storage);
      await expect(keyed.snapshot(1, storage)).rejects.toThrow(CheckpointError);
      expect(value.value()).toBe(box);
    }));

  it('that are changed into what their type can not hold fail the next snapshot, which says so and leaves nothing', () =>
    withBackend(create, async ({ open, storage, leftovers }) => {
      const keyed = await open({ keyType: Types.LONG });
      const { value } = statesOf(keyed);
      keyed.setCurrentKey(1);
      value.update({ n: 1 });
      const box = value.value() as Box;
      box.n = Number.NaN;
      await expect(keyed.snapshot(1, storage)).rejects.toThrow(
        /^Checkpoint 1 failed: State 'value' could not be written under key 1: (At .n: )?JSON can not hold NaN/,
      );
      expect(await storage.list()).toEqual([]);
      box.n = 2;
      await keyed.snapshot(2, storage);
      expect(await leftovers()).toHaveLength(1);
    }));

  it('do not include the array of a list: changing it changes no state', () =>
    withBackend(create, async ({ open }) => {
      const keyed = await open({ keyType: Types.LONG });
      const { list } = statesOf(keyed);
      keyed.setCurrentKey(1);
      const given = [{ n: 1 }];
      list.update(given);
      given.push({ n: 2 });
      list.get().push({ n: 3 });
      expect(list.get()).toEqual([{ n: 1 }]);
    }));
});
