import { setTimeout } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import {
  EmbeddedRocksDBStateBackend,
  HashMapStateBackend,
  type KeyedStateBackend,
  MetricRegistry,
  Types,
  ValueStateDescriptor,
} from '../../lib/index.ts';
import { observeDownloads } from '../support/observed-storage.ts';
import { withBackend } from '../support/with-backend.ts';

const COUNT = new ValueStateDescriptor('count', Types.LONG);
const DOWNLOAD_MS = 30;
const BACKENDS = {
  RocksDB: () =>
    new EmbeddedRocksDBStateBackend().configure({
      'state.backend.rocksdb.incremental-restore-async-compact-after-rescale': true,
    }),
  HashMap: () => new HashMapStateBackend(),
};
const OF_A_RESTORE = ['DownloadStateDurationMs', 'RestoreStateDurationMs', 'RestoredStateSizeBytes'];

function fill(keyed: KeyedStateBackend<number>): void {
  for (let key = 0; key < 1000; key++) {
    keyed.setCurrentKey(key);
    keyed.getState(COUNT).update(key);
  }
}

describe.each(Object.entries(BACKENDS))('on %s, metrics of a restore', (_name, create) => {
  test('say how long its files and the rest took, and how large they were', () =>
    withBackend(create, async ({ open, storage }) => {
      const keyed = await open({ keyType: Types.INT });
      fill(keyed);
      const handle = await keyed.snapshot(1, storage);
      const slow = observeDownloads(storage, async (download) => {
        await setTimeout(DOWNLOAD_MS);
        return download();
      });
      const registry = new MetricRegistry();
      const metricGroup = registry.root.addGroup('operator', 'count');
      const startMs = performance.now();
      await open({ keyType: Types.INT, restore: { storage: slow, handle }, metricGroup });
      const openedMs = performance.now() - startMs;
      const metrics = registry.snapshot() as Record<string, number>;
      expect(Object.keys(metrics)).toEqual(OF_A_RESTORE.map((name) => `operator.count.${name}`));
      const [downloadMs = 0, restoreMs = 0, sizeBytes = 0] = Object.values(metrics);
      expect(sizeBytes).toBe(handle.sizeBytes);
      // Both lie within the opening, and nothing is counted twice.
      expect(downloadMs).toBeGreaterThan(DOWNLOAD_MS - 2);
      expect(restoreMs).toBeGreaterThan(0);
      expect(downloadMs + restoreMs).toBeLessThan(openedMs);
      expect(registry.metrics().map(({ description }) => description.unit)).toEqual(['ms', 'ms', 'bytes']);
    }));

  test('are not there without one', () =>
    withBackend(create, async ({ open }) => {
      const registry = new MetricRegistry();
      await open({ keyType: Types.INT, metricGroup: registry.root });
      expect(registry.metrics()).toEqual([]);
    }));
});

test('a compaction after a restore with other key groups says how long it took, when it is done', () =>
  withBackend(BACKENDS.RocksDB, async ({ open, storage }) => {
    const keyed = await open({ keyType: Types.INT });
    fill(keyed);
    const handle = await keyed.snapshot(1, storage);
    const registry = new MetricRegistry();
    const { root: metricGroup } = registry;
    await open({ keyType: Types.INT, keyGroupRange: { start: 0, end: 63 }, restore: { storage, handle }, metricGroup });
    // One that never appears fails by the time limit of the test.
    while (registry.metrics().length < 4) {
      await setTimeout(5);
    }
    const metrics = registry.snapshot();
    expect(Object.keys(metrics)).toEqual([...OF_A_RESTORE, 'RestoreAsyncCompactionDurationMs']);
    expect(metrics.RestoreAsyncCompactionDurationMs).toBeGreaterThan(0);
  }));
