import { setTimeout } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import {
  EmbeddedRocksDBStateBackend,
  MetricRegistry,
  type RocksDBOptionsFactory,
  Types,
  ValueStateDescriptor,
} from '../../lib/index.ts';
import { withBackend } from '../support/with-backend.ts';

const PREFIX = 'state.backend.rocksdb.metrics';
const COUNT = new ValueStateDescriptor('count', Types.LONG);
const LATE = new ValueStateDescriptor('late', Types.LONG);
const SOON = { [`${PREFIX}.poll-interval`]: '10 ms' };
const CONFIG = { ...SOON, [`${PREFIX}.num-entries-active-mem-table`]: true, [`${PREFIX}.bytes-written`]: true };

function withConfigured(config: Record<string, unknown>, test: Parameters<typeof withBackend>[1]): Promise<void> {
  return withBackend(() => new EmbeddedRocksDBStateBackend().configure(config), test);
}

// A metric that never comes to this fails by the time limit of the test.
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) {
    await setTimeout(5);
  }
}

describe('native metrics of a keyed backend', () => {
  test('are of each state, of those that are created later too, and of the database', () =>
    withConfigured(CONFIG, async ({ open }) => {
      const registry = new MetricRegistry();
      const group = registry.root.addGroup('operator', 'words');
      const keyed = await open({ keyType: Types.STRING, states: [COUNT], metricGroup: group });
      const count = keyed.getState(COUNT);
      for (const key of ['a', 'b', 'c']) {
        keyed.setCurrentKey(key);
        count.update(1);
      }
      keyed.getState(LATE).update(1);
      const entries = (state: string) =>
        registry.snapshot()[`operator.words.${state}.rocksdb.num-entries-active-mem-table`];
      await until(() => entries('count') === 3 && entries('late') === 1);
      expect(registry.snapshot()['operator.words.rocksdb.bytes_written']).toBeGreaterThan(0);
      expect(registry.metrics()).toHaveLength(3);

      const before = registry.snapshot();
      await keyed.close();
      await setTimeout(30);
      expect(registry.snapshot()).toEqual(before);
      group.close();
      expect(registry.metrics()).toEqual([]);
    }));

  test('have the state as a variable when configured so', () =>
    withConfigured({ ...CONFIG, [`${PREFIX}.column-family-as-variable`]: true }, async ({ open }) => {
      const registry = new MetricRegistry();
      await open({ keyType: Types.STRING, states: [COUNT], metricGroup: registry.root });
      expect(Object.keys(registry.snapshot()).sort()).toEqual([
        'column_family.count.rocksdb.num-entries-active-mem-table',
        'rocksdb.bytes_written',
      ]);
      expect(registry.metrics().find(({ name }) => name.includes('entries'))?.variables).toEqual({
        column_family: 'count',
      });
    }));

  test('are none by default', () =>
    withConfigured({}, async ({ open }) => {
      const registry = new MetricRegistry();
      await open({ keyType: Types.STRING, states: [COUNT], metricGroup: registry.root });
      expect(registry.metrics()).toEqual([]);
    }));

  test('show the memory that the slot shares', () =>
    withConfigured(
      {
        ...SOON,
        [`${PREFIX}.write-buffer-manager-capacity`]: true,
        [`${PREFIX}.block-cache-capacity`]: true,
        'state.backend.rocksdb.memory.fixed-per-slot': '64mb',
      },
      async ({ open }) => {
        const registry = new MetricRegistry();
        await open({ keyType: Types.STRING, states: [COUNT], metricGroup: registry.root });
        await until(() => Number(registry.snapshot()['rocksdb.write-buffer-manager-capacity']) > 0);
        const { 'count.rocksdb.block-cache-capacity': cache } = registry.snapshot();
        expect(cache).toBeGreaterThan(32 * 1024 * 1024);
        expect(cache).toBeLessThanOrEqual(64 * 1024 * 1024);
      },
    ));

  test('may be turned on by the options factory', () =>
    withBackend(
      () => {
        const factory: RocksDBOptionsFactory = {
          createDBOptions: (options) => options,
          createColumnOptions: (options) => options,
          createNativeMetricsOptions: (options) => options.enable('bytes-written').setPollIntervalMs(10),
        };
        return new EmbeddedRocksDBStateBackend().setRocksDBOptions(factory);
      },
      async ({ open }) => {
        const registry = new MetricRegistry();
        const keyed = await open({ keyType: Types.STRING, states: [COUNT], metricGroup: registry.root });
        keyed.setCurrentKey('a');
        keyed.getState(COUNT).update(1);
        await until(() => Number(registry.snapshot()['rocksdb.bytes_written']) > 0);
      },
    ));

  test('of a factory that gives something else are refused', () =>
    withBackend(
      () =>
        new EmbeddedRocksDBStateBackend().setRocksDBOptions({
          createDBOptions: (options) => options,
          createColumnOptions: (options) => options,
          createNativeMetricsOptions: () => ({}) as never,
        }),
      async ({ open, leftovers }) => {
        const opening = open({ keyType: Types.STRING, metricGroup: new MetricRegistry().root });
        await expect(opening).rejects.toMatchObject({ code: 'ERR_INVALID_OPTIONS_FACTORY' });
        expect(await leftovers()).toEqual([]);
      },
    ));

  test.each([
    [`${PREFIX}.bytes-read`, 'perhaps'],
    [`${PREFIX}.poll-interval`, '0 ms'],
  ])('refuse %s = %s', (key, value) => {
    expect(() => new EmbeddedRocksDBStateBackend().configure({ [key]: value })).toThrow(
      expect.objectContaining({ code: 'ERR_INVALID_CONFIG_VALUE', message: expect.stringContaining(key) }),
    );
  });
});
