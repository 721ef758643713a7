import { setTimeout } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { MetricRegistry } from '../../lib/metrics/metric-registry.ts';
import { NativeGauge } from '../../lib/metrics/native-gauge.ts';
import { NativeMetricMonitor } from '../../lib/metrics/native-metric-monitor.ts';
import { NATIVE_METRICS, type NativeMetric, type NativeMetricKey } from '../../lib/options/native-metric.ts';
import { RocksDBNativeMetricOptions } from '../../lib/options/native-metric-options.ts';
import { type OpenOptions, type RocksDB, SharedMemory, type Snapshot } from '../../lib/rocksdb.ts';
import { numberedKey } from '../support/text.ts';
import { warningsDuring } from '../support/warnings.ts';
import { withDb } from '../support/with-db.ts';

interface Watched {
  readonly registry: MetricRegistry;
  readonly monitor: NativeMetricMonitor;
}

function watch(db: RocksDB, options: RocksDBNativeMetricOptions, memory?: SharedMemory): Watched {
  const registry = new MetricRegistry();
  const monitor = new NativeMetricMonitor({ db, ...(memory && { memory }) }, options, registry.root);
  for (const family of db.columnFamilies) {
    monitor.registerColumnFamily(family);
  }
  return { registry, monitor };
}

function only(...keys: NativeMetricKey[]): RocksDBNativeMetricOptions {
  return new RocksDBNativeMetricOptions().enable(...keys);
}

function put(db: RocksDB, from: number, to: number): void {
  for (let i = from; i < to; i++) {
    db.put(numberedKey(i), 'a value that is neither short nor long');
  }
}

// Reads and writes of every sort: files at two levels, a compaction, a cache in use, Bloom filters asked, a snapshot held.
async function makeTraffic(db: RocksDB): Promise<Snapshot> {
  put(db, 0, 1000);
  await db.flush();
  put(db, 500, 1500);
  await db.flush();
  while ((await db.property('rocksdb.num-files-at-level0')) !== '0' || (await isCompacting(db))) {
    await setTimeout(2);
  }
  for (let i = 0; i < 50; i++) {
    db.get(numberedKey(2 * i));
    db.get(`${numberedKey(i)}-not`);
  }
  await db.multiGetAsync([numberedKey(1), numberedKey(2)]);
  put(db, 500, 600);
  await db.flush();
  put(db, 0, 100);
  db.get(numberedKey(7));
  db.delete(numberedKey(3));
  db.merge('list', 'a');
  db.merge('list', 'b');
  db.get('list');
  Array.from(db.scan({ prefix: numberedKey(1).slice(0, 2) }));
  return db.snapshot();
}

async function isCompacting(db: RocksDB): Promise<boolean> {
  const names = ['rocksdb.num-running-compactions', 'rocksdb.compaction-pending', 'rocksdb.num-running-flushes'];
  const answers = await Promise.all(names.map((name) => db.property(name)));
  return answers.some((answer) => answer !== '0');
}

const LIVELY: OpenOptions = {
  defaults: {
    options: { level0_file_num_compaction_trigger: 2 },
    tableOptions: { filter_policy: 'bloomfilter:10:false', cache_index_and_filter_blocks: true },
  },
};

// What stays 0 as long as nothing goes wrong, and nothing waits.
const IDLE: readonly NativeMetricKey[] = [
  'num-immutable-mem-table',
  'num-immutable-mem-table-flushed',
  'mem-table-flush-pending',
  'compaction-pending',
  'background-errors',
  'num-entries-imm-mem-tables',
  'num-deletes-imm-mem-tables',
  'estimate-pending-compaction-bytes',
  'num-running-compactions',
  'num-running-flushes',
  'actual-delayed-write-rate',
  'is-write-stopped',
  'obsolete-sst-files-size',
  'stall-micros',
  'db-write-stall',
  'compaction-key-drop-user',
];

function numbers(registry: MetricRegistry): number[] {
  return Object.values(registry.snapshot()).map((value) => (typeof value === 'number' ? value : value.count));
}

async function shownAndSaid(
  db: RocksDB,
  { registry, monitor }: Watched,
  metric: NativeMetric,
): Promise<[string, string]> {
  await monitor.poll();
  const said = await Promise.all(metric.names.map(({ rocksdb }) => db.property(rocksdb)));
  return [numbers(registry).join(), said.join()];
}

describe.each(NATIVE_METRICS)('$key, on alone,', (metric: NativeMetric) => {
  test('shows what RocksDB says, under its name and no other', () => {
    const memory = new SharedMemory({ cacheBytes: 8e6, writeBufferBytes: 4e6 });
    const options = only(metric.key);
    return withDb(
      async (db) => {
        using _snapshot = await makeTraffic(db);
        const { registry, monitor } = watch(db, options, memory);
        const warnings = await warningsDuring(() => monitor.poll());
        expect(warnings).toEqual([]);

        const scope = metric.kind === 'property' ? 'default.' : '';
        expect(Object.keys(registry.snapshot())).toEqual(metric.names.map((name) => `${scope}${name.metric}`));
        if (metric.kind === 'property') {
          // What RocksDB clears away in the background may change a number between two readings.
          await expect.poll(() => shownAndSaid(db, { registry, monitor }, metric)).toSatisfy(([a, b]) => a === b);
        }
        const isAnyShown = async () => {
          await monitor.poll();
          return numbers(registry).some((number) => number > 0);
        };
        await expect.poll(isAnyShown).toBe(!IDLE.includes(metric.key));
        monitor.close();
      },
      { ...LIVELY, memory, statistics: options.statistics },
    );
  });
});

describe('the monitor', () => {
  test('shows properties and tickers at once (T157)', () => {
    const options = only('size-all-mem-tables', 'bytes-written');
    return withDb(
      async (db) => {
        const { registry, monitor } = watch(db, options);
        expect(registry.snapshot()).toEqual({ 'default.rocksdb.size-all-mem-tables': 0, 'rocksdb.bytes_written': 0 });
        db.put(new Uint8Array(4), new Uint8Array(10));
        await monitor.poll();
        const first = registry.snapshot();
        expect(first['default.rocksdb.size-all-mem-tables']).toBeGreaterThan(0);
        expect(first['rocksdb.bytes_written']).toBeGreaterThan(0);
        put(db, 0, 100);
        await monitor.poll();
        expect(registry.snapshot()['rocksdb.bytes_written']).toBeGreaterThan(Number(first['rocksdb.bytes_written']));
        monitor.close();
      },
      { statistics: options.statistics },
    );
  });

  test('leaves the database alone once closed, and the gauges as they are (T158)', () =>
    withDb(async (db) => {
      const { registry, monitor } = watch(db, only('estimate-num-keys'));
      db.put('a', '1');
      await monitor.poll();
      db.put('b', '1');
      monitor.close();
      monitor.close();
      await monitor.poll();
      expect(registry.snapshot()).toEqual({ 'default.rocksdb.estimate-num-keys': 1 });
      await db.close();
      expect(await warningsDuring(() => monitor.poll())).toEqual([]);
      monitor.registerColumnFamily({ name: 'late', number: 7 });
      expect(registry.snapshot()).toEqual({ 'default.rocksdb.estimate-num-keys': 1 });
    }));

  test('drops a reading that it is closed during', () =>
    withDb(async (db) => {
      const { registry, monitor } = watch(db, only('estimate-num-keys'));
      db.put('a', '1');
      const polling = monitor.poll();
      monitor.close();
      await polling;
      expect(registry.snapshot()).toEqual({ 'default.rocksdb.estimate-num-keys': 0 });
    }));

  test('reads by itself, as often as it is told', () =>
    withDb(async (db) => {
      const { registry, monitor } = watch(db, only('num-entries-active-mem-table').setPollIntervalMs(10));
      db.put('a', '1');
      const name = 'default.rocksdb.num-entries-active-mem-table';
      while (registry.snapshot()[name] !== 1) {
        await setTimeout(5);
      }
      db.put('b', '1');
      while (registry.snapshot()[name] !== 2) {
        await setTimeout(5);
      }
      monitor.close();
      db.put('c', '1');
      await setTimeout(50);
      expect(registry.snapshot()[name]).toBe(2);
    }));

  test('makes one reading at a time', () =>
    withDb(async (db) => {
      const { monitor } = watch(db, only('estimate-num-keys'));
      const first = monitor.poll();
      expect(monitor.poll()).toBe(first);
      await first;
      expect(monitor.poll()).not.toBe(first);
      await monitor.poll();
      monitor.close();
    }));

  test('gives up a gauge that has nothing to show, says so once, and keeps the others going', () =>
    withDb(
      async (db) => {
        const { registry, monitor } = watch(db, only('block-cache-usage', 'estimate-num-keys'));
        const warnings = await warningsDuring(async () => {
          await monitor.poll();
          db.put('a', '1');
          await monitor.poll();
        });
        // A family without a block cache has no usage of one.
        expect(warnings).toHaveLength(1);
        expect(warnings[0]).toContain("'default.rocksdb.block-cache-usage'");
        expect(registry.snapshot()).toEqual({
          'default.rocksdb.block-cache-usage': 0,
          'default.rocksdb.estimate-num-keys': 1,
        });
        monitor.close();
      },
      { defaults: { tableOptions: { no_block_cache: true } } },
    ));

  test('says once that the database was closed under it', () =>
    withDb(async (db) => {
      const { registry, monitor } = watch(db, only('estimate-num-keys'));
      db.put('a', '1');
      await monitor.poll();
      await db.close();
      const warnings = await warningsDuring(async () => {
        await monitor.poll();
        await monitor.poll();
      });
      expect(warnings).toEqual(['Native metrics can not be read any more: The database is closed.']);
      expect(registry.snapshot()).toEqual({ 'default.rocksdb.estimate-num-keys': 1 });
    }));

  test('shows families that are added, also during a reading', () =>
    withDb(async (db) => {
      const { registry, monitor } = watch(db, only('estimate-num-keys'));
      const polling = monitor.poll();
      const columnFamily = db.createColumnFamilySync('added');
      monitor.registerColumnFamily(columnFamily);
      monitor.registerColumnFamily(columnFamily);
      db.put('a', '1', { columnFamily });
      expect(await warningsDuring(() => polling)).toEqual([]);
      await monitor.poll();
      expect(registry.snapshot()['added.rocksdb.estimate-num-keys']).toBe(1);
      monitor.close();
    }));

  test('leaves a family that was dropped with its last values', () =>
    withDb(
      async (db) => {
        const { registry, monitor } = watch(db, only('estimate-num-keys'));
        const columnFamily = db.columnFamily('dropped');
        db.put('a', '1', { columnFamily });
        await monitor.poll();
        await db.dropColumnFamily(columnFamily);
        db.put('b', '1');
        expect(await warningsDuring(() => monitor.poll())).toEqual([]);
        expect(registry.snapshot()).toEqual({
          'default.rocksdb.estimate-num-keys': 1,
          'dropped.rocksdb.estimate-num-keys': 1,
        });
        monitor.close();
      },
      { columnFamilies: { dropped: {} } },
    ));

  test('makes the family a variable when asked', () =>
    withDb(async (db) => {
      const { registry, monitor } = watch(db, only('estimate-num-keys').setColumnFamilyAsVariable(true));
      expect(registry.metrics()).toMatchObject([
        {
          name: 'rocksdb.estimate-num-keys',
          scope: ['column_family', 'default'],
          logicalScope: ['column_family'],
          variables: { column_family: 'default' },
        },
      ]);
      monitor.close();
    }));

  test('shows histograms as RocksDB keeps them', () => {
    const options = only('db-write-micros', 'bytes-per-write');
    return withDb(
      async (db) => {
        put(db, 0, 100);
        const { registry, monitor } = watch(db, options);
        await monitor.poll();
        expect(registry.snapshot()['rocksdb.db_write_micros']).toMatchObject({ count: 100 });
        const reading = await db.metrics({ histograms: ['rocksdb.bytes.per.write'] });
        expect(registry.snapshot()['rocksdb.bytes_per_write']).toEqual(reading.histogram('rocksdb.bytes.per.write'));
        monitor.close();
      },
      { statistics: options.statistics },
    );
  });

  test('has no metrics of a memory that is not shared', () =>
    withDb((db) => {
      const { registry, monitor } = watch(db, only('write-buffer-manager-usage'));
      expect(registry.metrics()).toEqual([]);
      monitor.close();
    }));
});

test('a closed gauge takes no reading (T160)', () => {
  const gauge = new NativeGauge();
  gauge.close();
  gauge.update(5);
  expect(gauge.value).toBe(0);
});
