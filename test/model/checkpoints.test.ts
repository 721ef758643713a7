// Random programs of writes, checkpoints, discards and restores at another parallelism, against plain Maps, and against the
// list of files that the storage must have. MODEL_SEED repeats a run, and MODEL_RUNS makes it that many times as long.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { StateBackend } from '../../lib/api/backend.ts';
import { EmbeddedRocksDBStateBackend } from '../../lib/backend/embedded-rocksdb-state-backend.ts';
import { HashMapStateBackend } from '../../lib/backend/hash-map-state-backend.ts';
import { CheckpointJob, type JobSettings, KEYS, type Played, type Write } from '../support/checkpoint-job.ts';

const SEED = Number(process.env.MODEL_SEED ?? Math.floor(Math.random() * 2 ** 31));

const LONGER = Number(process.env.MODEL_RUNS ?? 1);

/** Restores of RocksDB open many databases, which takes its time. */
interface Scale {
  readonly runs: number;
  readonly least: Partial<Played>;
}

const ROCKSDB: Scale = {
  runs: 8,
  least: { writes: 400, completed: 15, aborted: 3, overlapped: 4, discarded: 2, restored: 3, rescaled: 2 },
};
const HEAP: Scale = {
  runs: 20,
  least: { writes: 2000, completed: 60, aborted: 15, overlapped: 15, discarded: 15, restored: 15, rescaled: 10 },
};

type Step = (job: CheckpointJob) => void | Promise<void>;

// How fast-check shows what was made of a value in a counterexample.
function shown<F extends object>(name: string, given: unknown, made: F): F {
  return Object.assign(made, { [fc.toStringMethod]: () => `${name} ${fc.stringify(given)}` });
}

const rescaling = fc.record({
  'state.backend.rocksdb.use-ingest-db-restore-mode': fc.boolean(),
  'state.backend.rocksdb.rescaling.use-delete-files-in-range': fc.boolean(),
  'state.backend.rocksdb.incremental-restore-async-compact-after-rescale': fc.boolean(),
  'state.backend.rocksdb.hot-state-cache.size': fc.constantFrom('0', '8kb', '1mb'),
  'state.backend.rocksdb.restore-overlap-fraction-threshold': fc.constantFrom('0.0', '0.6', '1.0'),
});
const rocksdb = (incremental: boolean) =>
  rescaling.map((settings) =>
    shown('rocksdb', settings, () => new EmbeddedRocksDBStateBackend(incremental).configure(settings)),
  );

const BACKENDS: Readonly<Record<string, readonly [fc.Arbitrary<() => StateBackend>, Scale]>> = {
  HashMap: [fc.constant(() => new HashMapStateBackend()), HEAP],
  'RocksDB, full': [rocksdb(false), { ...ROCKSDB, runs: 6 }],
  'RocksDB, incremental': [rocksdb(true), ROCKSDB],
};

const parallelism = fc.constantFrom(1, 1, 1, 2, 2, 3, 3, 4, 5, 6, 7, 8);

const write: fc.Arbitrary<Write> = fc.record({
  key: fc.nat(KEYS - 1),
  what: fc.constantFrom('value', 'value', 'list', 'list', 'map', 'map', 'unmap', 'clear'),
  number: fc.nat(1000),
});

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.noBias(fc.array(write, { minLength: 1, maxLength: 30, size: 'max' })).map((writes) =>
      shown('write', writes, (job: CheckpointJob) => {
        for (const each of writes) {
          job.write(each);
        }
      }),
    ),
  },
  {
    weight: 6,
    arbitrary: fc
      .tuple(fc.constantFrom('confirmed', 'confirmed', 'quiet', 'aborted'), fc.boolean())
      .map((given) => shown('checkpoint', given, (job: CheckpointJob) => job.checkpoint(...given))),
  },
  {
    weight: 2,
    arbitrary: fc.nat(100).map((which) => shown('discard', which, (job: CheckpointJob) => job.discard(which))),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.nat(100), parallelism, fc.boolean())
      .map((given) => shown('restore', given, (job: CheckpointJob) => job.restore(...given))),
  },
);

// Without a bias to short programs: the long ones find more, and shrinking makes them short.
const program = fc.noBias(fc.array(step, { minLength: 1, maxLength: 50, size: 'max' }));

describe.each(Object.entries(BACKENDS))('checkpoints of %s', (name, [create, { runs, least }]) => {
  it('restore what there was at any parallelism, and no file is missing or left over', {
    timeout: 180_000 * LONGER,
  }, async () => {
    const played: Played = {
      writes: 0,
      completed: 0,
      aborted: 0,
      overlapped: 0,
      discarded: 0,
      restored: 0,
      rescaled: 0,
    };
    const settings: fc.Arbitrary<JobSettings> = fc.record({
      maxParallelism: fc.constantFrom(10, 128, 1000),
      parallelism,
      retained: fc.constantFrom(undefined, undefined, 1, 2, 4),
      inlineThresholdBytes: fc.constantFrom(0, 0, 2000),
      create,
    });
    await fc.assert(
      fc.asyncProperty(settings, program, (given, steps) =>
        CheckpointJob.run(given, played, async (job) => {
          for (const each of steps) {
            await each(job);
          }
        }),
      ),
      // Shrinking ends in time for the counterexample to be shown.
      { numRuns: runs * LONGER, seed: SEED, interruptAfterTimeLimit: 120_000 * LONGER, markInterruptAsFailure: true },
    );
    console.log(`${name}: ${JSON.stringify(played)} in ${runs * LONGER} programs, MODEL_SEED=${SEED}`);
    for (const [what, number] of Object.entries(least)) {
      expect(played[what as keyof Played], what).toBeGreaterThanOrEqual(number);
    }
  });
});
