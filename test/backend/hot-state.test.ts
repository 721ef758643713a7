import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { KeyedStateBackend } from '../../lib/api/backend.ts';
import { ListStateDescriptor, MapStateDescriptor, ValueStateDescriptor } from '../../lib/api/descriptors.ts';
import { EmbeddedRocksDBStateBackend } from '../../lib/backend/embedded-rocksdb-state-backend.ts';
import { Types } from '../../lib/bytes/types.ts';
import { MetricRegistry } from '../../lib/metrics/metric-registry.ts';
import { count, counts, upTo } from '../support/counters.ts';
import { SetClock, TTL_MS, ttl } from '../support/ttl-states.ts';
import { withBackend } from '../support/with-backend.ts';

const MIB = 1024 * 1024;
const KEYS = upTo(500);
const OPTIONS = { keyType: Types.INT };
const withHotState = () => new EmbeddedRocksDBStateBackend().setHotStateCacheSize(MIB);

/** A group for metrics, and what those of hot state are. */
function metrics() {
  const registry = new MetricRegistry();
  return { metricGroup: registry.root, of: (name: string) => registry.snapshot()[`hotState${name}`] };
}

function under<R>(keyed: KeyedStateBackend<number>, key: number, work: () => R): R {
  keyed.setCurrentKey(key);
  return work();
}

describe('the size of the cache of hot state', () => {
  it.each([1, 8191, 2 ** 31 + 1, -1])('is none that is neither 0 nor from 8 KiB to 2 GiB: %i', (bytes) => {
    expect(() => new EmbeddedRocksDBStateBackend().setHotStateCacheSize(bytes)).toThrow(
      expect.objectContaining({ code: 'ERR_INVALID_CONFIG_VALUE' }),
    );
    const given = { 'state.backend.rocksdb.hot-state-cache.size': bytes };
    expect(() => new EmbeddedRocksDBStateBackend().configure(given)).toThrow(/hot-state-cache\.size.*from 8kb to 2gb/);
  });
});

describe('hot state', () => {
  it('is in every checkpoint as it was then, and what came later is not', () =>
    withBackend(withHotState, async ({ open, storage }) => {
      const { metricGroup, of } = metrics();
      const keyed = await open({ ...OPTIONS, metricGroup });
      count(keyed, KEYS);
      count(keyed, KEYS);
      expect(of('UnwrittenRows')).toBe(KEYS.length);
      const snapshot = keyed.snapshot(1, storage);
      await snapshot.captured;
      expect(of('UnwrittenRows')).toBe(0);
      count(keyed, KEYS);
      const handle = await snapshot;
      const restored = await open({ ...OPTIONS, restore: { storage, handle } });
      expect(counts(restored, KEYS)).toEqual(KEYS.map(() => 2));
      expect(counts(keyed, KEYS)).toEqual(KEYS.map(() => 3));
    }));

  it('tells by metrics what it spares', () =>
    withBackend(withHotState, async ({ open }) => {
      const { metricGroup, of } = metrics();
      const keyed = await open({ ...OPTIONS, metricGroup });
      for (let time = 0; time < 10; time++) {
        count(keyed, KEYS);
      }
      expect(await keyed.numKeyValueStateEntries()).toBe(KEYS.length);
      const [hits, misses] = [of('Hits'), of('Misses')] as [number, number];
      expect([hits + misses, misses]).toEqual([20 * KEYS.length, KEYS.length]);
      expect(of('AbsorbedWrites')).toBe(9 * KEYS.length);
      expect(of('WrittenRows')).toBe(KEYS.length);
      expect(of('UnwrittenRows')).toBe(0);
      expect(of('UsedBytes')).toBeGreaterThan(KEYS.length * 40);
    }));

  it('has no metrics, and no rows, unless it is asked for', () =>
    withBackend(
      () => new EmbeddedRocksDBStateBackend(),
      async ({ open }) => {
        const { metricGroup, of } = metrics();
        await open({ ...OPTIONS, metricGroup });
        expect(of('Hits')).toBeUndefined();
      },
    ));

  it('does not change with a value that was read', () =>
    withBackend(withHotState, async ({ open }) => {
      const keyed = await open(OPTIONS);
      const bytes = keyed.getState(new ValueStateDescriptor('bytes', Types.BYTES));
      under(keyed, 1, () => bytes.update(Uint8Array.of(1, 2)));
      const first = under(keyed, 1, () => bytes.value()) as Uint8Array;
      first[0] = 9;
      under(keyed, 1, () => bytes.update(Uint8Array.of(3, 4)));
      expect([...first]).toEqual([9, 2]);
      expect(under(keyed, 1, () => bytes.value())).toEqual(Uint8Array.of(3, 4));
    }));

  it('is what asynchronous calls see and change, in their order with others that are awaited', () =>
    withBackend(withHotState, async ({ open }) => {
      const keyed = await open(OPTIONS);
      const list = keyed.getListState(new ListStateDescriptor('list', Types.INT));
      const map = keyed.getMapState(new MapStateDescriptor('map', Types.INT, Types.INT));
      for (let round = 0; round < 20; round++) {
        const [first, second] = [3 * round, 3 * round + 1];
        under(keyed, 1, () => {
          list.add(first);
          map.put(round, round);
        });
        const adding = under(keyed, 1, () => list.asyncAdd(second));
        const putting = under(keyed, 1, () => map.asyncPut(round, round + 100));
        // While the round is on its way, other rows of the same states are used.
        under(keyed, 2, () => list.add(round));
        await setImmediate();
        under(keyed, 2, () => map.put(round, round));
        await Promise.all([adding, putting]);
        under(keyed, 1, () => list.add(second + 1));
        expect(await under(keyed, 1, () => list.asyncGet())).toEqual(upTo(3 * round + 3));
        expect(under(keyed, 1, () => map.get(round))).toBe(round + 100);
      }
      expect(under(keyed, 1, () => list.get())).toEqual(upTo(60));
      expect(under(keyed, 2, () => list.get())).toEqual(upTo(20));
      expect(under(keyed, 2, () => [...map.values()])).toEqual(upTo(20));
    }));

  it('lives on by being read, and expires, without RocksDB', () =>
    withBackend(withHotState, async ({ open }) => {
      const clock = new SetClock();
      const { metricGroup, of } = metrics();
      const keyed = await open({ ...OPTIONS, metricGroup, ttlTimeProvider: clock });
      const read = ttl((each) => each.updateTtlOnReadAndWrite());
      const text = keyed.getState(new ValueStateDescriptor('text', Types.STRING).enableTimeToLive(read));
      const map = keyed.getMapState(new MapStateDescriptor('map', Types.INT, Types.STRING).enableTimeToLive(read));
      keyed.setCurrentKey(1);
      text.update('a long enough text');
      map.put(1, 'entry');
      for (let reading = 0; reading < 5; reading++) {
        clock.now += TTL_MS - 1;
        expect([text.value(), map.get(1)]).toEqual(['a long enough text', 'entry']);
      }
      clock.now += TTL_MS;
      expect([text.value(), map.get(1)]).toEqual([undefined, undefined]);
      expect(of('Misses')).toBe(0);
      expect(await keyed.numKeyValueStateEntries()).toBe(0);
    }));

  it('is left alone by dropping another state, and closes with much unwritten', () =>
    withBackend(withHotState, async ({ open, leftovers }) => {
      const keyed = await open(OPTIONS);
      const dropped = keyed.getState(new ValueStateDescriptor('dropped', Types.INT));
      under(keyed, 1, () => dropped.update(1));
      count(keyed, KEYS);
      await keyed.dropState('dropped');
      expect(counts(keyed, KEYS)).toEqual(KEYS.map(() => 1));
      const again = keyed.getState(new ValueStateDescriptor('dropped', Types.INT));
      expect(under(keyed, 1, () => again.value())).toBeUndefined();
      await keyed.close();
      expect(await leftovers()).toEqual([]);
    }));
});
