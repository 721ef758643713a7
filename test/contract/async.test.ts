import { describe, expect, it } from 'vitest';
import {
  AggregatingStateDescriptor,
  ListStateDescriptor,
  MapStateDescriptor,
  ReducingStateDescriptor,
  ValueStateDescriptor,
} from '../../lib/api/descriptors.ts';
import { Types } from '../../lib/bytes/types.ts';
import { SerializationError } from '../../lib/errors.ts';
import { BACKENDS, withBackend } from '../support/with-backend.ts';

const VALUE = new ValueStateDescriptor('value', Types.LONG, 7);
const LIST = new ListStateDescriptor('list', Types.STRING);
const MAP = new MapStateDescriptor('map', Types.STRING, Types.LONG);
const SUM = new ReducingStateDescriptor<number>('sum', (a, b) => a + b, Types.LONG);
const MEAN = new AggregatingStateDescriptor<number, { sum: number; count: number }, number>(
  'mean',
  {
    createAccumulator: () => ({ sum: 0, count: 0 }),
    add: (value, { sum, count }) => ({ sum: sum + value, count: count + 1 }),
    getResult: ({ sum, count }) => sum / count,
    merge: (a, b) => ({ sum: a.sum + b.sum, count: a.count + b.count }),
  },
  Types.JSON(),
);

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const collected: T[] = [];
  for await (const item of items) {
    collected.push(item);
  }
  return collected;
}

describe.each(Object.entries(BACKENDS))('asynchronous calls on %s', (_name, create) => {
  it('refer to the key that is current when they are made', () =>
    withBackend(create, async ({ open }) => {
      const keyed = await open({ keyType: Types.LONG });
      const value = keyed.getState(VALUE);
      const writes = [];
      for (let key = 0; key < 300; key++) {
        keyed.setCurrentKey(key);
        writes.push(value.asyncUpdate(key * 2));
      }
      const reads = [];
      for (let key = 0; key < 300; key++) {
        keyed.setCurrentKey(key);
        reads.push(value.asyncValue());
      }
      keyed.setCurrentKey(5);
      expect(await Promise.all(reads)).toEqual(Array.from({ length: 300 }, (_, key) => key * 2));
      await Promise.all(writes);
      // The synchronous calls still have the key that was set last.
      expect(value.value()).toBe(10);
      value.update(11);
      keyed.setCurrentKey(5);
      expect(value.value()).toBe(11);
    }));

  it('keep their order on a key', () =>
    withBackend(create, async ({ open }) => {
      const keyed = await open({ keyType: Types.STRING });
      const value = keyed.getState(VALUE);
      const list = keyed.getListState(LIST);
      const sum = keyed.getReducingState(SUM);
      const mean = keyed.getAggregatingState(MEAN);
      keyed.setCurrentKey('k');
      const results = [
        value.asyncValue(),
        value.asyncUpdate(1),
        value.asyncValue(),
        value.asyncUpdate(2),
        value.asyncValue(),
        value.asyncClear(),
        value.asyncValue(),
        value.asyncUpdate(undefined),
        list.asyncAdd('a'),
        list.asyncAddAll(['b', 'c']),
        list.asyncGet(),
        list.asyncUpdate(['d']),
        list.asyncAdd('e'),
        list.asyncGet(),
        list.asyncClear(),
        list.asyncAdd('f'),
        list.asyncGet(),
        sum.asyncGet(),
        sum.asyncAdd(1),
        sum.asyncAdd(2),
        sum.asyncGet(),
        sum.asyncAdd(3),
        mean.asyncGet(),
        mean.asyncAdd(1),
        mean.asyncAdd(2),
        mean.asyncGet(),
      ];
      expect(await Promise.all(results)).toEqual([
        ...[7, undefined, 1, undefined, 2, undefined, 7, undefined],
        ...[undefined, undefined, ['a', 'b', 'c'], undefined, undefined, ['d', 'e'], undefined, undefined, ['f']],
        ...[undefined, undefined, undefined, 3, undefined],
        ...[undefined, undefined, undefined, 1.5],
      ]);
      expect([value.value(), list.get(), sum.get(), mean.get()]).toEqual([7, ['f'], 6, 1.5]);
    }));

  it('work on maps entry by entry', () =>
    withBackend(create, async ({ open }) => {
      const keyed = await open({ keyType: Types.STRING });
      const map = keyed.getMapState(MAP);
      keyed.setCurrentKey('k');
      expect(await map.asyncIsEmpty()).toBe(true);
      const results = [
        map.asyncPut('a', 1),
        map.asyncPutAll(Array.from({ length: 500 }, (_, i) => [`n${i}`, i] as const)),
        map.asyncGet('a'),
        map.asyncContains('n499'),
        map.asyncRemove('a'),
        map.asyncGet('a'),
        map.asyncContains('a'),
        map.asyncIsEmpty(),
      ];
      expect(await Promise.all(results)).toEqual([undefined, undefined, 1, true, undefined, undefined, false, false]);
      const keys = await collect(map.asyncKeys());
      expect(keys).toHaveLength(500);
      const values = await collect(map.asyncValues());
      expect(values.reduce((sum, value) => sum + value, 0)).toBe((499 * 500) / 2);
      for await (const entry of map.asyncEntries()) {
        if ((entry.value ?? 0) >= 3) {
          entry.remove();
        }
      }
      expect([...map.keys()].sort()).toEqual(['n0', 'n1', 'n2']);
      await map.asyncClear();
      expect(map.isEmpty()).toBe(true);
    }));

  it('fail alone: a value that can not be written, a function that throws', () =>
    withBackend(create, async ({ open }) => {
      const keyed = await open({ keyType: Types.STRING });
      const value = keyed.getState(VALUE);
      const sum = keyed.getReducingState(
        new ReducingStateDescriptor<number>(
          'picky',
          (a, b) => {
            if (b === 13) {
              throw new Error('not 13');
            }
            return a + b;
          },
          Types.LONG,
        ),
      );
      keyed.setCurrentKey('k');
      const outcomes = await Promise.allSettled([
        value.asyncUpdate(1),
        value.asyncUpdate(0.5),
        value.asyncValue(),
        sum.asyncAdd(1),
        sum.asyncAdd(13),
        sum.asyncAdd(2),
        sum.asyncGet(),
      ]);
      expect(outcomes.map((outcome) => outcome.status)).toEqual([
        ...['fulfilled', 'rejected', 'fulfilled'],
        ...['fulfilled', 'rejected', 'fulfilled', 'fulfilled'],
      ]);
      expect(outcomes[1]).toMatchObject({ reason: expect.any(SerializationError) });
      expect(outcomes[4]).toMatchObject({ reason: expect.objectContaining({ message: 'not 13' }) });
      expect([value.value(), sum.get()]).toEqual([1, 3]);
    }));

  it('need a current key', () =>
    withBackend(create, async ({ open }) => {
      const keyed = await open({ keyType: Types.STRING });
      const noKey = { code: 'ERR_NO_CURRENT_KEY' };
      await expect(keyed.getState(VALUE).asyncValue()).rejects.toMatchObject(noKey);
      await expect(keyed.getListState(LIST).asyncAdd('x')).rejects.toMatchObject(noKey);
    }));

  it('made before a snapshot are in it, those made while it is captured wait and are not', () =>
    withBackend(create, async ({ open, storage }) => {
      const keyed = await open({ keyType: Types.LONG });
      const sum = keyed.getReducingState(SUM);
      const add = (amount: number) => {
        for (let key = 0; key < 100; key++) {
          keyed.setCurrentKey(key);
          additions.push(sum.asyncAdd(amount));
        }
      };
      const additions: Promise<void>[] = [];
      add(1);
      const snapshot = keyed.snapshot(1, storage);
      add(10);
      await snapshot.captured;
      add(100);
      await Promise.all(additions);
      const handle = await snapshot;
      const restored = await open({ keyType: Types.LONG, restore: { storage, handle } });
      const restoredSum = restored.getReducingState(SUM);
      for (let key = 0; key < 100; key++) {
        keyed.setCurrentKey(key);
        restored.setCurrentKey(key);
        expect([sum.get(), restoredSum.get()]).toEqual([111, 1]);
      }
    }));

  it('under way are carried out before the backend closes', () =>
    withBackend(create, async ({ open }) => {
      for (let round = 0; round < 20; round++) {
        const keyed = await open({ keyType: Types.LONG });
        const value = keyed.getState(VALUE);
        const writes = [];
        for (let key = 0; key < 200; key++) {
          keyed.setCurrentKey(key);
          writes.push(value.asyncUpdate(key), value.asyncValue());
        }
        const closed = keyed.close();
        const outcomes = await Promise.allSettled(writes);
        await closed;
        expect(outcomes.filter((outcome) => outcome.status === 'rejected')).toEqual([]);
      }
    }));
});
