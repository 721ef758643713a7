import { describe, expect, test } from 'vitest';
import type { KeyedStateBackend, StateBackend } from '../../lib/api/backend.ts';
import {
  AggregatingStateDescriptor,
  EmbeddedRocksDBStateBackend,
  HashMapStateBackend,
  ListStateDescriptor,
  MapStateDescriptor,
  MetricRegistry,
  ReducingStateDescriptor,
  Types,
  ValueStateDescriptor,
} from '../../lib/index.ts';
import { withBackend } from '../support/with-backend.ts';

const CONFIGURED: Readonly<Record<string, (config: Record<string, unknown>) => StateBackend>> = {
  RocksDB: (config) => new EmbeddedRocksDBStateBackend().configure(config),
  HashMap: (config) => new HashMapStateBackend().configure(config),
};

const LATENCY = { 'state.latency-track.keyed-state-enabled': true };
const SIZE = { 'state.size-track.keyed-state-enabled': true };
const EVERY_CALL = { 'state.latency-track.sample-interval': 1, 'state.size-track.sample-interval': 1 };

const SUM = {
  createAccumulator: () => 0,
  add: (value: number, sum: number) => sum + value,
  getResult: (sum: number) => sum,
  merge: (a: number, b: number) => a + b,
};
const VALUE = new ValueStateDescriptor('value', Types.STRING);
const LIST = new ListStateDescriptor('list', Types.STRING);
const MAP = new MapStateDescriptor('map', Types.STRING, Types.LONG);
const REDUCING = new ReducingStateDescriptor('reducing', (a: number, b: number) => a + b, Types.LONG);
const AGGREGATING = new AggregatingStateDescriptor('aggregating', SUM, Types.LONG);

describe.each(Object.entries(CONFIGURED))('on %s', (_kind, create) => {
  async function tracked(
    config: Record<string, unknown>,
    use: (keyed: KeyedStateBackend<string>, registry: MetricRegistry) => unknown,
  ): Promise<void> {
    const registry = new MetricRegistry();
    await withBackend(
      () => create(config),
      async ({ open }) => {
        const keyed = await open({ keyType: Types.STRING, metricGroup: registry.root });
        keyed.setCurrentKey('key');
        await use(keyed, registry);
      },
    );
  }

  // Identifier → how often it was measured.
  function counts(registry: MetricRegistry): Record<string, number> {
    return Object.fromEntries(
      Object.entries(registry.snapshot()).map(([name, value]) => [
        name,
        typeof value === 'number' ? value : value.count,
      ]),
    );
  }

  test('nothing is tracked by default, and states are not wrapped', () =>
    tracked({}, (keyed, registry) => {
      const state = keyed.getState(VALUE);
      state.update('a');
      expect(registry.metrics()).toEqual([]);
      expect(Object.getPrototypeOf(state).constructor.name).toMatch(/^(RocksDB|Heap)ValueState$/);
    }));

  test('nothing is tracked without a group to show it in', () =>
    withBackend(
      () => create({ ...LATENCY, ...SIZE }),
      async ({ open }) => {
        const state = (await open({ keyType: Types.STRING })).getState(VALUE);
        expect(Object.getPrototypeOf(state).constructor.name).toMatch(/ValueState$/);
      },
    ));

  test('the first call of an operation is measured, and then one in the sample interval', () =>
    tracked({ ...LATENCY, 'state.latency-track.sample-interval': 3 }, (keyed, registry) => {
      const state = keyed.getState(VALUE);
      const seen = Array.from({ length: 7 }, () => {
        state.value();
        return counts(registry)['state_name.value.valueStateGetLatency'];
      });
      expect(seen).toEqual([1, 1, 1, 2, 2, 2, 3]);
      // Every operation has a counter of its own.
      state.update('a');
      expect(counts(registry)['state_name.value.valueStateUpdateLatency']).toBe(1);
    }));

  test('latency is that of the call, in nanoseconds', () =>
    tracked({ ...LATENCY, ...EVERY_CALL }, (keyed, registry) => {
      const slow = new ReducingStateDescriptor(
        'slow',
        (a: number, b: number) => {
          const end = performance.now() + 5;
          while (performance.now() < end);
          return a + b;
        },
        Types.LONG,
      );
      const state = keyed.getReducingState(slow);
      state.add(1);
      const start = performance.now();
      state.add(2);
      const elapsed = (performance.now() - start) * 1e6;
      const { max } = registry.snapshot()['state_name.slow.reducingStateAddLatency'] as { max: number };
      expect(max).toBeGreaterThan(5e6);
      expect(max).toBeLessThan(elapsed);
    }));

  test('a histogram keeps as many measurements as the history size', () =>
    tracked({ ...SIZE, ...EVERY_CALL, 'state.size-track.history-size': 2 }, (keyed, registry) => {
      const state = keyed.getState(VALUE);
      for (const value of ['a', 'bbb', 'ccccc']) {
        state.update(value);
      }
      const sizes = registry.snapshot()['state_name.value.valueStateUpdateValueSize'];
      expect(sizes).toMatchObject({ count: 3, min: 4, max: 6 });
    }));

  test('the name of the state is a part of the metric’s name when it is no variable', () =>
    tracked({ ...LATENCY, 'state.latency-track.state-name-as-variable': false }, (keyed, registry) => {
      keyed.getState(VALUE).value();
      expect(registry.metrics()).toMatchObject([
        { scope: ['value'], variables: {}, name: 'valueStateGetLatency', description: { unit: 'ns' } },
      ]);
    }));

  test('every operation of every kind has its latency, synchronous or not', () =>
    tracked({ ...LATENCY, ...EVERY_CALL }, async (keyed, registry) => {
      const value = keyed.getState(VALUE);
      value.value();
      value.update('a');
      value.clear();
      await value.asyncValue();
      await value.asyncUpdate('a');
      await value.asyncClear();
      const list = keyed.getListState(LIST);
      list.get();
      list.add('a');
      list.addAll(['a', 'b']);
      list.update(['c']);
      await list.asyncGet();
      await list.asyncAdd('a');
      await list.asyncAddAll(['a']);
      await list.asyncUpdate(['a']);
      list.clear();
      const map = keyed.getMapState(MAP);
      map.get('a');
      map.put('a', 1);
      map.putAll([['b', 2]]);
      map.contains('a');
      map.isEmpty();
      map.remove('a');
      await map.asyncPut('a', 1);
      await map.asyncPutAll([['b', 2]]);
      await map.asyncGet('a');
      await map.asyncContains('a');
      await map.asyncIsEmpty();
      await map.asyncRemove('a');
      expect(Array.from(map.keys())).toEqual(['b']);
      expect(Array.from(map.values())).toEqual([2]);
      for (const entry of map.entries()) {
        entry.setValue(3);
        entry.remove();
      }
      expect(Array.from(map)).toEqual([]);
      for await (const _ of map.asyncEntries()) {
        // There is none.
      }
      map.clear();
      const reducing = keyed.getReducingState(REDUCING);
      reducing.get();
      reducing.add(1);
      await reducing.asyncAdd(1);
      expect(await reducing.asyncGet()).toBe(2);
      const aggregating = keyed.getAggregatingState(AGGREGATING);
      aggregating.add(1);
      await aggregating.asyncAdd(1);
      expect(aggregating.get()).toBe(2);
      expect(await aggregating.asyncGet()).toBe(2);

      const of = (state: string, entries: Record<string, number>) =>
        Object.fromEntries(
          Object.entries(entries).map(([name, count]) => [`state_name.${state}.${name}Latency`, count]),
        );
      expect(counts(registry)).toEqual({
        ...of('value', { valueStateGet: 2, valueStateUpdate: 2, stateClear: 2 }),
        ...of('list', { listStateGet: 2, listStateAdd: 2, listStateAddAll: 2, listStateUpdate: 2, stateClear: 1 }),
        ...of('map', {
          mapStateGet: 2,
          mapStatePut: 2,
          mapStatePutAll: 2,
          mapStateContains: 2,
          mapStateIsEmpty: 2,
          mapStateRemove: 2,
          mapStateKeysInit: 1,
          mapStateValuesInit: 1,
          mapStateEntriesInit: 2,
          mapStateIteratorInit: 1,
          // Each move, the one that finds the end as well.
          mapStateIteratorNext: 8,
          mapStateIteratorRemove: 1,
          stateClear: 1,
        }),
        ...of('reducing', { reducingStateGet: 2, reducingStateAdd: 2 }),
        ...of('aggregating', { aggregatingStateGet: 2, aggregatingStateAdd: 2 }),
      });
    }));

  test('merging namespaces has its latency', () =>
    tracked({ ...LATENCY }, (keyed, registry) => {
      const namespace = { namespace: 'a', namespaceType: Types.STRING };
      for (const state of [
        keyed.getPartitionedState(LIST, namespace),
        keyed.getPartitionedState(REDUCING, namespace),
        keyed.getPartitionedState(AGGREGATING, namespace),
      ]) {
        state.mergeNamespaces('c', ['a', 'b']);
      }
      expect(counts(registry)).toEqual({
        'state_name.list.listStateMergeNamespacesLatency': 1,
        'state_name.reducing.reducingStateMergeNamespacesLatency': 1,
        'state_name.aggregating.aggregatingStateMergeNamespacesLatency': 1,
      });
    }));

  test('sizes are those of serialized keys and values', () =>
    tracked({ ...SIZE, ...EVERY_CALL }, async (keyed, registry) => {
      // 'key' takes 4 bytes, the void namespace 1, a string its length and 1, a long 8.
      const value = keyed.getState(VALUE);
      value.value();
      value.update('four');
      await value.asyncValue();
      const list = keyed.getListState(LIST);
      list.addAll(
        (function* () {
          yield 'a';
          yield 'bcd';
        })(),
      );
      await list.asyncAdd('a');
      expect(list.get()).toEqual(['a', 'bcd', 'a']);
      const map = keyed.getMapState(MAP);
      map.putAll(new Map([['ab', 1]]));
      map.get('ab');
      map.get('none');
      map.contains('abc');
      map.isEmpty();
      Array.from(map);
      Array.from(map.keys());
      Array.from(map.values());
      map.remove('a');
      keyed.getReducingState(REDUCING).add(1);
      keyed.getReducingState(REDUCING).get();
      keyed.getAggregatingState(AGGREGATING).add(1);
      keyed.getAggregatingState(AGGREGATING).get();

      const measured = Object.fromEntries(
        Object.entries(registry.snapshot()).map(([name, each]) => {
          const { count, sum, max } = each as { count: number; sum: number; max: number };
          return [name.replace(/^state_name\.\w+\./, ''), [count, sum, max]];
        }),
      );
      expect(measured).toEqual({
        valueStateGetKeySize: [2, 10, 5],
        valueStateGetValueSize: [2, 5, 5],
        valueStateUpdateKeySize: [1, 5, 5],
        valueStateUpdateValueSize: [1, 5, 5],
        listStateAddAllKeySize: [1, 5, 5],
        listStateAddAllValueSize: [1, 6, 6],
        listStateAddKeySize: [1, 5, 5],
        listStateAddValueSize: [1, 2, 2],
        listStateGetKeySize: [1, 5, 5],
        listStateGetValueSize: [1, 8, 8],
        mapStatePutKeySize: [1, 8, 8],
        mapStatePutValueSize: [1, 8, 8],
        mapStateGetKeySize: [2, 18, 10],
        mapStateGetValueSize: [2, 8, 8],
        mapStateContainsKeySize: [1, 9, 9],
        mapStateIsEmptyKeySize: [1, 5, 5],
        mapStateIteratorKeySize: [2, 16, 8],
        mapStateIteratorValueSize: [2, 16, 8],
        mapStateRemoveKeySize: [1, 7, 7],
        reducingStateAddKeySize: [1, 5, 5],
        reducingStateAddValueSize: [1, 8, 8],
        reducingStateGetKeySize: [1, 5, 5],
        reducingStateGetValueSize: [1, 8, 8],
        aggregatingStateAddKeySize: [1, 5, 5],
        aggregatingStateGetKeySize: [1, 5, 5],
      });
    }));

  test('the size of the key counts the selected namespace', () =>
    tracked({ ...SIZE, ...EVERY_CALL }, (keyed, registry) => {
      const state = keyed.getPartitionedState(VALUE, { namespace: 'a', namespaceType: Types.STRING });
      state.update('x');
      state.setCurrentNamespace('longer');
      state.update('x');
      expect(registry.snapshot()['state_name.value.valueStateUpdateKeySize']).toMatchObject({ min: 6, max: 11 });
    }));

  test('an iterator goes on under the key that it was asked for under', () =>
    tracked({ ...SIZE, ...LATENCY, ...EVERY_CALL }, async (keyed, registry) => {
      const map = keyed.getMapState(MAP);
      map.put('a', 1);
      const iterator = map.entries();
      const asynchronous = map.asyncEntries();
      keyed.setCurrentKey('a much longer key');
      expect(iterator.next().value).toMatchObject({ key: 'a', value: 1 });
      expect((await asynchronous.next()).value).toMatchObject({ key: 'a', value: 1 });
      expect(registry.snapshot()['state_name.map.mapStateIteratorKeySize']).toMatchObject({ count: 2, max: 7 });
    }));

  test('a call that fails is not measured, and fails as it would have', () =>
    tracked({ ...SIZE, ...LATENCY, ...EVERY_CALL }, async (keyed, registry) => {
      const state = keyed.getState(VALUE);
      expect(() => state.update(7 as unknown as string)).toThrow(/could not be written|must be|string/i);
      await expect(state.asyncUpdate(7 as unknown as string)).rejects.toThrow();
      expect(() => keyed.setCurrentKey(undefined as unknown as string)).toThrow();
      expect(() => state.value()).toThrow(expect.objectContaining({ code: 'ERR_NO_CURRENT_KEY' }));
      await expect(state.asyncValue()).rejects.toMatchObject({ code: 'ERR_NO_CURRENT_KEY' });
      expect(counts(registry)).toEqual({});
    }));

  test('a state is the same object every time', () =>
    tracked(LATENCY, (keyed) => {
      expect(keyed.getState(VALUE)).toBe(keyed.getState(VALUE));
    }));

  test.each(['state.latency-track.sample-interval', 'state.size-track.history-size'])('%s must be positive', (key) => {
    expect(() => create({ [key]: 0 })).toThrow(expect.objectContaining({ code: 'ERR_INVALID_CONFIG_VALUE' }));
  });
});

test('the keys that Flink 1.x had for the tracking still work', async () => {
  const registry = new MetricRegistry();
  await withBackend(
    () => new HashMapStateBackend().configure({ 'state.backend.latency-track.keyed-state-enabled': true }),
    async ({ open }) => {
      const keyed = await open({ keyType: Types.STRING, metricGroup: registry.root });
      keyed.setCurrentKey('a');
      keyed.getState(VALUE).value();
      expect(registry.metrics()).toHaveLength(1);
    },
  );
});
