// A job of max parallelism 10 and one key per key group, as in Flink's RocksIncrementalCheckpointRescalingTest.
import { describe, expect, it } from 'vitest';
import type { KeyedStateBackend, StateBackend } from '../../lib/api/backend.ts';
import { Types } from '../../lib/bytes/types.ts';
import { EmbeddedRocksDBStateBackend, HashMapStateBackend, keyGroupOf } from '../../lib/index.ts';
import { COUNTER, count, counts, upTo } from '../support/counters.ts';
import { Job } from '../support/rescaling.ts';
import { type Bench, withBackend } from '../support/with-backend.ts';

const rocksdb =
  (option?: string, value: string | boolean = true) =>
  () =>
    option === undefined
      ? new EmbeddedRocksDBStateBackend(true)
      : new EmbeddedRocksDBStateBackend(true).configure({ [`state.backend.rocksdb.${option}`]: value });

const BACKENDS: Readonly<Record<string, () => StateBackend>> = {
  HashMap: () => new HashMapStateBackend(),
  'RocksDB, full': () => new EmbeddedRocksDBStateBackend(false),
  'RocksDB, incremental': rocksdb(),
  'RocksDB, by ingesting files': rocksdb('use-ingest-db-restore-mode'),
  'RocksDB, deleting files': rocksdb('rescaling.use-delete-files-in-range'),
  'RocksDB, compacting afterwards': rocksdb('incremental-restore-async-compact-after-rescale'),
  'RocksDB, copying rather than clipping': rocksdb('restore-overlap-fraction-threshold', '1.0'),
};

const OPTIONS = { keyType: Types.STRING, maxParallelism: 10, states: [COUNTER] };

const groupOf = (key: string) => keyGroupOf(Types.STRING.hashCode?.(key) as number, 10);
const KEYS = upTo(10).map(
  (keyGroup) =>
    upTo(1000)
      .map(String)
      .find((key) => groupOf(key) === keyGroup) as string,
);

it('has the keys of Flink in their key groups', () => {
  expect(['13', '4', '7', '1', '6', '9', '3'].map(groupOf)).toEqual([3, 4, 5, 6, 7, 8, 9]);
});

function keysOf({ keyGroupRange: { start, end } }: KeyedStateBackend<string>): string[] {
  return KEYS.slice(start, end + 1);
}

/** Every backend has its own keys, counted as often as said, and nothing else; then it counts them once more. */
async function expectCounted(job: Job<string>, ranges: readonly (readonly [number, number])[], times: number) {
  expect(job.keyeds.map(({ keyGroupRange: { start, end } }) => [start, end])).toEqual(ranges);
  for (const keyed of job.keyeds) {
    const own = keysOf(keyed);
    expect([...keyed.getKeys(COUNTER.name)].sort()).toEqual([...own].sort());
    expect(await keyed.numKeyValueStateEntries()).toBe(own.length);
    expect(count(keyed, own)).toEqual(own.map(() => times + 1));
  }
}

async function rescaled(bench: Bench, job: Job<string>, id: number, parallelism: number): Promise<Job<string>> {
  const checkpoint = await job.checkpoint(id, bench.storage);
  await job.close();
  return Job.open(bench.open, OPTIONS, { parallelism, from: { storage: bench.storage, checkpoint } });
}

describe.each(Object.entries(BACKENDS))('a job on %s', (_name, create) => {
  it('is scaled 1 to 2 to 3 to 2 to 1, and every key keeps its count where it belongs (T177, T178, T179, T180, T181)', () =>
    withBackend(create, async (bench) => {
      let job = await Job.open(bench.open, OPTIONS, { parallelism: 1 });
      await expectCountedFirst(job);
      job = await rescaled(bench, job, 1, 2);
      await expectCounted(
        job,
        [
          [0, 4],
          [5, 9],
        ],
        1,
      );
      job = await rescaled(bench, job, 2, 3);
      await expectCounted(
        job,
        [
          [0, 3],
          [4, 6],
          [7, 9],
        ],
        2,
      );
      job = await rescaled(bench, job, 3, 2);
      await expectCounted(
        job,
        [
          [0, 4],
          [5, 9],
        ],
        3,
      );
      job = await rescaled(bench, job, 4, 1);
      await expectCounted(job, [[0, 9]], 4);
      job = await rescaled(bench, job, 5, 10);
      expect(job.keyeds.map((keyed) => counts(keyed, keysOf(keyed)))).toEqual(KEYS.map(() => [5]));
    }));

  it('finds again what was deleted, rewritten or never written after a restore (T047, T048)', () =>
    withBackend(create, async (bench) => {
      let job = await Job.open(bench.open, OPTIONS, { parallelism: 3 });
      for (const keyed of job.keyeds) {
        count(keyed, keysOf(keyed));
      }
      job = await rescaled(bench, job, 1, 1);
      job
        .at(KEYS[0] as string)
        .getState(COUNTER)
        .clear();
      job
        .at(KEYS[9] as string)
        .getState(COUNTER)
        .clear();
      job = await rescaled(bench, job, 2, 4);
      const found = job.keyeds.flatMap((keyed) => counts(keyed, keysOf(keyed)));
      expect(found).toEqual([0, 1, 1, 1, 1, 1, 1, 1, 1, 0]);
    }));

  it('can be restored by halves from a checkpoint of halves (T046)', () =>
    withBackend(create, async (bench) => {
      const job = await Job.open(bench.open, OPTIONS, { parallelism: 2 });
      for (const keyed of job.keyeds) {
        count(keyed, keysOf(keyed));
      }
      const { handles } = await job.checkpoint(1, bench.storage);
      const [first, second] = handles;
      expect([first?.keyGroupRange, second?.keyGroupRange]).toEqual([
        { start: 0, end: 4 },
        { start: 5, end: 9 },
      ]);
      const half = await bench.open({
        ...OPTIONS,
        keyGroupRange: { start: 5, end: 9 },
        restore: { storage: bench.storage, handles },
      });
      expect([...half.getKeys(COUNTER.name)].sort()).toEqual(KEYS.slice(5).sort());
      const whole = () => bench.open({ ...OPTIONS, restore: { storage: bench.storage, handles: handles.slice(1) } });
      await expect(whole()).rejects.toThrow('Key group 0 is in none of the handles');
      expect(() => half.setCurrentKey(KEYS[0] as string)).toThrow();
    }));
});

async function expectCountedFirst(job: Job<string>): Promise<void> {
  for (const keyed of job.keyeds) {
    expect(count(keyed, keysOf(keyed))).toEqual(KEYS.map(() => 1));
  }
}
