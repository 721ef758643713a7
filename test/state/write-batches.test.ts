import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import {
  EmbeddedRocksDBStateBackend,
  type HistogramStatistics,
  MapStateDescriptor,
  MetricRegistry,
  Types,
} from '../../lib/index.ts';
import { withBackend } from '../support/with-backend.ts';

const MAP = new MapStateDescriptor('map', Types.INT, Types.INT);

function withBatchesOf(limit: string, test: Parameters<typeof withBackend>[1]): Promise<void> {
  return withBackend(
    () =>
      new EmbeddedRocksDBStateBackend().configure({
        'state.backend.rocksdb.write-batch-size': limit,
        'state.backend.rocksdb.metrics.db-write-micros': true,
        'state.backend.rocksdb.metrics.poll-interval': '5 ms',
      }),
    test,
  );
}

const entriesOf = (count: number) => new Map(Array.from({ length: count }, (_, index) => [index, index * 2]));

describe('many entries put into a map at once', () => {
  it.each([
    // An entry takes 19 bytes behind the 12 of the batch: the third fills it.
    ['51 b', 300, 100, 'T168'],
    // 500 entries, of fewer bytes than the limit.
    ['2 mb', 10_000, 20, 'T167, T169'],
    ['0', 10_000, 20, 'T167'],
    ['2 mb', 501, 2, 'T169'],
  ])('with batches of %s, %i entries are %i writes, and all are there (%s)', (limit, count, writes) =>
    withBatchesOf(limit, async ({ open }) => {
      const registry = new MetricRegistry();
      const keyed = await open({ keyType: Types.INT, states: [MAP], metricGroup: registry.root });
      keyed.setCurrentKey(1);
      keyed.getMapState(MAP).putAll(entriesOf(count));
      const found = Array.from(keyed.getMapState(MAP), ({ key, value }) => [key, value] as const);
      expect(new Map(found)).toEqual(entriesOf(count));
      const written = () =>
        (registry.snapshot()['rocksdb.db_write_micros'] as HistogramStatistics & { count: number }).count;
      // The metrics have another reading every 5 ms; a lower number fails by the time limit of the test.
      while (written() < writes) {
        await setTimeout(5);
      }
      expect(written()).toBe(writes);
    }),
  );
});
