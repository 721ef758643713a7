// Which files a database consists of after a restore into other key groups: what the options of rescaling promise.
import { setTimeout } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { KeyedStateBackend, RocksDBInspection } from '../../lib/api/backend.ts';
import type { CheckpointStorage, KeyedStateHandle } from '../../lib/api/checkpoint.ts';
import { EmbeddedRocksDBStateBackend, keyGroupOf, Types } from '../../lib/index.ts';
import { COUNTER, count, counts, upTo } from '../support/counters.ts';
import { Job } from '../support/rescaling.ts';
import { type Bench, withBackend } from '../support/with-backend.ts';

const OPTIONS = { keyType: Types.INT, maxParallelism: 10, states: [COUNTER] };
const KEYS = upTo(20_000);

const INGESTING = { 'state.backend.rocksdb.use-ingest-db-restore-mode': true };

function ownKeys({ keyGroupRange: { start, end } }: KeyedStateBackend<number>): number[] {
  const groupOf = (key: number) => keyGroupOf(Types.INT.hashCode?.(key) as number, 10);
  return KEYS.filter((key) => start <= groupOf(key) && groupOf(key) <= end);
}

async function checkpointed(
  keyeds: readonly KeyedStateBackend<number>[],
  id: number,
  storage: CheckpointStorage,
): Promise<readonly KeyedStateHandle[]> {
  const checkpoint = await storage.begin(id);
  const { handles } = await checkpoint.complete(await Promise.all(keyeds.map((each) => each.snapshot(id, checkpoint))));
  keyeds.forEach((keyed) => {
    keyed.notifyCheckpointComplete(id);
  });
  return handles;
}

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
      count(keyed, ownKeys(keyed));
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
  await withRescaled(INGESTING, [2, 1], async ({ before, after }) => {
    expect(after).toEqual([sum(before)]);
  });
  await withRescaled({}, [2, 1], async ({ before, after }) => {
    expect(after).toEqual([before[0]]);
  });
});

it('ingesting takes over files of which only a part is wanted, and clips them (T181)', () =>
  withRescaled(INGESTING, [2, 3], async ({ before, after, keyeds }) => {
    expect(after).toEqual([before[0], sum(before), before[1]]);
    for (const keyed of keyeds) {
      expect([...keyed.getKeys(COUNTER.name)].sort()).toEqual([...ownKeys(keyed)].sort());
      expect(new Set(counts(keyed, ownKeys(keyed)))).toEqual(new Set([1]));
    }
  }));

it('after ingesting, an incremental checkpoint stores every file anew, and the next one none of them', () =>
  withRescaled(INGESTING, [2, 1], async ({ before, keyeds }, { storage }) => {
    const first = await checkpointed(keyeds, 2, storage);
    expect(first.map((handle) => handle.checkpointedSizeBytes)).toEqual(first.map((handle) => handle.sizeBytes));
    const second = await checkpointed(keyeds, 3, storage);
    expect(second.map((handle) => handle.sizeBytes - handle.checkpointedSizeBytes)).toEqual([sum(before)]);
  }));

it('an ingested database has the options of the backend', async () => {
  const options: unknown[] = [];
  for (const mode of [{}, INGESTING]) {
    const settings = { ...mode, 'state.backend.rocksdb.compaction.level.target-file-size-base': '5mb' };
    await withRescaled(settings, [2, 1], async ({ keyeds: [whole] }) => {
      const effective = await (whole as KeyedStateBackend<number> & RocksDBInspection).effectiveOptions();
      options.push(effective.columnFamilies[COUNTER.name]);
    });
  }
  expect(options[0]).toMatchObject({ options: { target_file_size_base: { value: String(5 * 2 ** 20) } } });
  expect(options[1]).toEqual(options[0]);
});

it('ingesting builds upon one database where all have hidden foreign rows, which stay away', () =>
  withRescaled(INGESTING, [1, 2], async ({ before, keyeds }, bench) => {
    const handles = await checkpointed(keyeds, 2, bench.storage);
    const whole = await bench.open({ ...OPTIONS, restore: { storage: bench.storage, handles } });
    const size = (await whole.localSizeBytes()) / (before[0] as number);
    // A second file has the deletions.
    expect(size).toBeGreaterThan(1);
    expect(size).toBeLessThan(1.1);
    expect(new Set(counts(whole, KEYS))).toEqual(new Set([1]));
    expect(await whole.numKeyValueStateEntries()).toBe(KEYS.length);
  }));

it('ingesting takes over the files that it can, and copies the rows of a database with hidden foreign rows', () =>
  withRescaled(INGESTING, [1, 2], async ({ keyeds: [, clipped] }, bench) => {
    const { keyeds } = await Job.open(bench.open, OPTIONS, { parallelism: 2 });
    const [fresh] = keyeds as [KeyedStateBackend<number>];
    count(fresh, ownKeys(fresh));
    const handles = await checkpointed([fresh, clipped as KeyedStateBackend<number>], 2, bench.storage);
    const whole = await bench.open({ ...OPTIONS, restore: { storage: bench.storage, handles } });
    expect(await whole.localSizeBytes()).toBe(await fresh.localSizeBytes());
    expect(new Set(counts(whole, KEYS))).toEqual(new Set([1]));
    expect(await whole.numKeyValueStateEntries()).toBe(KEYS.length);
  }));

it('a single handle is clipped and not copied, whatever the threshold and the mode', async () => {
  for (const settings of [{ 'state.backend.rocksdb.restore-overlap-fraction-threshold': '1.0' }, INGESTING]) {
    await withRescaled(settings, [1, 2], async ({ before, after }) => {
      expect(after).toEqual([before[0], before[0]]);
    });
  }
});

it('no file is built upon of which too small a share is wanted', () =>
  withRescaled({ 'state.backend.rocksdb.restore-overlap-fraction-threshold': '1.0' }, [2, 3], async ({ after }) => {
    expect(after[1]).toBe(0);
  }));
