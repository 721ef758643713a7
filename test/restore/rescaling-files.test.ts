// Which files a database consists of after a restore into other key groups: what the options of rescaling promise.
import { setTimeout } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { KeyedStateBackend } from '../../lib/api/backend.ts';
import { EmbeddedRocksDBStateBackend, keyGroupOf, Types } from '../../lib/index.ts';
import { COUNTER, count, upTo } from '../support/counters.ts';
import { Job } from '../support/rescaling.ts';
import { type Bench, withBackend } from '../support/with-backend.ts';

const OPTIONS = { keyType: Types.INT, maxParallelism: 10, states: [COUNTER] };
const KEYS = upTo(20_000);

interface Sizes {
  readonly before: readonly number[];
  /** After the restore, without waiting for anything. */
  readonly after: readonly number[];
  readonly keyeds: readonly KeyedStateBackend<number>[];
}

function withRescaled(
  settings: Readonly<Record<string, boolean | string>>,
  [from, to]: readonly [number, number],
  test: (sizes: Sizes, bench: Bench) => Promise<void>,
): Promise<void> {
  const create = () => new EmbeddedRocksDBStateBackend(true).configure(settings);
  return withBackend(create, async (bench) => {
    const job = await Job.open(bench.open, OPTIONS, { parallelism: from });
    for (const keyed of job.keyeds) {
      const { start, end } = keyed.keyGroupRange;
      const groupOf = (key: number) => keyGroupOf(Types.INT.hashCode?.(key) as number, 10);
      const own = KEYS.filter((key) => start <= groupOf(key) && groupOf(key) <= end);
      count(keyed, own);
    }
    const checkpoint = await job.checkpoint(1, bench.storage);
    const before = await Promise.all(job.keyeds.map((keyed) => keyed.localSizeBytes()));
    const { keyeds } = await Job.open(bench.open, OPTIONS, {
      parallelism: to,
      from: { storage: bench.storage, checkpoint },
    });
    const after = await Promise.all(keyeds.map((keyed) => keyed.localSizeBytes()));
    await test({ before, after, keyeds }, bench);
  });
}

const sum = (sizes: readonly number[]) => sizes.reduce((all, size) => all + size, 0);

it('a clipped database keeps its files, with foreign rows hidden in them', () =>
  withRescaled({}, [1, 2], async ({ before, after }) => {
    expect(after).toEqual([before[0], before[0]]);
  }));

it('asynchronous compaction takes foreign rows out of the files (T181)', () =>
  withRescaled(
    { 'state.backend.rocksdb.incremental-restore-async-compact-after-rescale': true },
    [1, 2],
    async ({ before, keyeds }) => {
      const deadline = Date.now() + 20_000;
      for (const keyed of keyeds) {
        let size = before[0] as number;
        while (size > (before[0] as number) * 0.7 && Date.now() < deadline) {
          await setTimeout(20);
          size = await keyed.localSizeBytes();
        }
        expect(size).toBeGreaterThan(0);
        expect(size).toBeLessThanOrEqual((before[0] as number) * 0.7);
      }
    },
  ));

it('a database can be closed while it is compacted after a restore (T181)', () =>
  withRescaled(
    { 'state.backend.rocksdb.incremental-restore-async-compact-after-rescale': true },
    [1, 2],
    async ({ keyeds }, { leftovers }) => {
      const before = await leftovers();
      await Promise.all(keyeds.map((keyed) => keyed.close()));
      expect(await leftovers()).toHaveLength(before.length - 2);
    },
  ));

it('ingesting takes the files of all databases over, where otherwise rows are copied to the files of one (T181)', async () => {
  await withRescaled(
    { 'state.backend.rocksdb.use-ingest-db-restore-mode': true },
    [2, 1],
    async ({ before, after }) => {
      expect(after).toEqual([sum(before)]);
    },
  );
  await withRescaled({}, [2, 1], async ({ before, after }) => {
    expect(after).toEqual([before[0]]);
  });
});

it('ingesting does not take over files with hidden foreign rows, which then stay away', () =>
  withRescaled({}, [1, 2], async ({ keyeds }, bench) => {
    const checkpoint = await bench.storage.begin(2);
    const handles = await Promise.all(keyeds.map((keyed) => keyed.snapshot(2, checkpoint)));
    await checkpoint.complete(handles);
    const ingesting = new EmbeddedRocksDBStateBackend().configure({
      'state.backend.rocksdb.use-ingest-db-restore-mode': true,
    });
    await using whole = await ingesting.createKeyedStateBackend({
      ...OPTIONS,
      localDir: bench.localDir,
      restore: { storage: bench.storage, handles },
    });
    expect(await whole.localSizeBytes()).toBe(0);
    expect(await whole.numKeyValueStateEntries()).toBe(KEYS.length);
  }));

it('a single handle is clipped and not copied, whatever the threshold and the mode', async () => {
  for (const settings of [
    { 'state.backend.rocksdb.restore-overlap-fraction-threshold': '1.0' },
    { 'state.backend.rocksdb.use-ingest-db-restore-mode': true },
  ]) {
    await withRescaled(settings, [1, 2], async ({ before, after }) => {
      expect(after).toEqual([before[0], before[0]]);
    });
  }
});

it('no file is built upon of which too small a share is wanted', () =>
  withRescaled({ 'state.backend.rocksdb.restore-overlap-fraction-threshold': '1.0' }, [2, 3], async ({ after }) => {
    expect(after[1]).toBe(0);
  }));
