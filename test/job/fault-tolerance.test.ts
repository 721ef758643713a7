// Jobs that fail, are stopped, and go on: what they put out is what an undisturbed run puts out.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ValueStateDescriptor } from '../../lib/api/descriptors.ts';
import type { ValueState } from '../../lib/api/state.ts';
import { Types } from '../../lib/bytes/types.ts';
import { RestartStrategies } from '../../lib/job/coordinator/restart-strategy.ts';
import type { KeyedProcessContext, KeyedProcessFunction } from '../../lib/job/functions/process-functions.ts';
import type { Collector, RuntimeContext } from '../../lib/job/functions/rich-function.ts';
import type { JobClient } from '../../lib/job/job-client.ts';
import { CollectSink } from '../../lib/job/sinks/collect-sink.ts';
import { FileSink } from '../../lib/job/sinks/file-sink.ts';
import type { StreamExecutionEnvironment } from '../../lib/job/stream-execution-environment.ts';
import { JOB_BACKENDS, withJobs } from '../support/job-backends.ts';

const KEYS = 10;

/** Numbers the records of each key. */
class Numbering implements KeyedProcessFunction<number, number, string> {
  #count!: ValueState<number>;

  open(context: RuntimeContext): void {
    this.#count = context.getState(new ValueStateDescriptor('count', Types.LONG));
  }

  processElement(_: number, context: KeyedProcessContext<number>, out: Collector<string>): void {
    const count = (this.#count.value() ?? 0) + 1;
    this.#count.update(count);
    out.collect(`${context.getCurrentKey()}:${count}`);
  }
}

/** All that the records from 0 to `count` - 1 come to, each once. */
function numbered(count: number): string[] {
  return Array.from({ length: count }, (_, n) => `${n % KEYS}:${Math.floor(n / KEYS) + 1}`).sort();
}

interface Numbers {
  readonly count: number;
  readonly perSecond?: number;
  /** Called with each record before it is processed. */
  readonly before?: (n: number) => void;
}

function numbering(env: StreamExecutionEnvironment, { count, perSecond, before = () => {} }: Numbers) {
  return env
    .fromGenerator((index) => index, {
      count,
      ...(perSecond !== undefined && { recordsPerSecond: perSecond }),
    })
    .uid('numbers')
    .map((n) => {
      before(n);
      return n;
    })
    .keyBy((n) => n % KEYS, Types.LONG)
    .process(Numbering)
    .uid('numbering');
}

async function untilCheckpoints(client: JobClient, completed: number): Promise<void> {
  while (client.checkpointStatistics.counts.completed < completed) {
    if (client.status === 'FAILED' || client.status === 'FINISHED') {
      throw new Error(`The job is ${client.status} after ${client.checkpointStatistics.counts.completed} checkpoints.`);
    }
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

async function linesIn(directory: string): Promise<string[]> {
  const names = (await readdir(directory)).filter((name) => !name.startsWith('.'));
  const texts = await Promise.all(names.map((name) => readFile(join(directory, name), 'utf8')));
  return texts.flatMap((text) => text.split('\n').filter((line) => line !== '')).sort();
}

describe.each(Object.entries(JOB_BACKENDS))('on %s', (_, create) => {
  test.each([1, 3])('a job of %i subtasks that fails goes on from its newest checkpoint', (parallelism) =>
    withJobs(create, async ({ environment }) => {
      const env = environment().setParallelism(parallelism).enableCheckpointing(10);
      env.setRestartStrategy(RestartStrategies.fixedDelayRestart(3, 0));
      let failures = 0;
      const sink = new CollectSink<string>();
      numbering(env, {
        count: 20_000,
        perSecond: 10_000,
        before(n) {
          // Each time when there is another checkpoint to go on from; once in any case, however slow checkpoints are.
          const isTime = client.checkpointStatistics.counts.completed > 2 * failures + 1;
          if ((failures < 3 && isTime) || (failures === 0 && n > 19_900)) {
            failures++;
            throw new Error(`failure ${failures}`);
          }
        },
      }).sinkTo(sink);
      const client = await env.executeAsync('fails');
      const { restarts } = await client.result;
      // Several subtasks may have failed at once.
      expect(restarts).toBeGreaterThanOrEqual(1);
      expect(restarts).toBeLessThanOrEqual(3);
      expect(sink.collected.toSorted()).toEqual(numbered(20_000));
      expect(client.checkpointStatistics.counts.restored).toBe(restarts);
    }),
  );

  test('no checkpoint of a job that comes to its end fails for that', () =>
    withJobs(create, async ({ environment }) => {
      const env = environment().setParallelism(2).enableCheckpointing(1);
      numbering(env, { count: 5000 }).sinkTo(new CollectSink());
      const client = await env.executeAsync('ends');
      await client.result;
      const { counts, latestFailed } = client.checkpointStatistics;
      expect(latestFailed).toBeUndefined();
      expect(counts.completed).toBe(counts.total);
    }));

  test('a job that may not start again fails with the first failure', () =>
    withJobs(create, async ({ environment }) => {
      const env = environment().enableCheckpointing(10).setRestartStrategy(RestartStrategies.noRestart());
      numbering(env, {
        count: 100,
        before(n) {
          if (n === 50) {
            throw new TypeError('bad record');
          }
        },
      }).sinkTo(new CollectSink());
      const failure = await env.execute('fails').catch((error) => error);
      expect(failure).toMatchObject({ code: 'ERR_JOB_FAILED', message: "Job 'fails' failed: bad record" });
      expect(failure.cause).toBeInstanceOf(TypeError);
    }));

  test.each([
    { from: 1, to: 3 },
    { from: 3, to: 2 },
    { from: 2, to: 2 },
  ])('a job is stopped with a savepoint at parallelism $from and goes on at $to', ({ from, to }) =>
    withJobs(create, async ({ directory, environment }) => {
      const results = join(directory, 'results');
      const savepoint = join(directory, 'savepoint');
      const first = environment().setParallelism(from).enableCheckpointing(5);
      numbering(first, { count: 20_000, perSecond: 5000 }).sinkTo(new FileSink(results)).uid('results');
      const client = await first.executeAsync('stopped');
      await untilCheckpoints(client, 3);
      expect(await client.stopWithSavepoint({ directory: savepoint })).toBe(savepoint);
      expect(client.status).toBe('FINISHED');
      const before = await linesIn(results);
      expect(before.length).toBeGreaterThan(0);
      expect(before.length).toBeLessThan(20_000);

      const second = environment().setParallelism(to).enableCheckpointing(1000);
      numbering(second, { count: 20_000 }).sinkTo(new FileSink(results)).uid('results');
      await second.execute({ jobName: 'goes on', fromSavepoint: savepoint });
      expect(await linesIn(results)).toEqual(numbered(20_000));
    }),
  );

  test('a cancelled job goes on from its newest checkpoint, at another parallelism', () =>
    withJobs(create, async ({ checkpoints, directory, environment }) => {
      const results = join(directory, 'results');
      const config = { 'execution.checkpointing.externalized-checkpoint-retention': 'RETAIN_ON_CANCELLATION' };
      const first = environment(config).setParallelism(2).enableCheckpointing(5);
      numbering(first, { count: 20_000, perSecond: 5000 }).sinkTo(new FileSink(results)).uid('results');
      const client = await first.executeAsync('cancelled');
      await untilCheckpoints(client, 3);
      await client.cancel();
      expect(client.status).toBe('CANCELED');
      await expect(client.result).rejects.toMatchObject({ code: 'ERR_CANCELLED' });
      expect(await readdir(checkpoints)).toContainEqual(expect.stringMatching(/^chk-\d+$/));

      const second = environment().setParallelism(3).enableCheckpointing(1000);
      numbering(second, { count: 20_000 }).sinkTo(new FileSink(results)).uid('results');
      await second.execute({ fromSavepoint: 'latest' });
      expect(await linesIn(results)).toEqual(numbered(20_000));
      // Those of a finished job are deleted, but for the one that it was restored from, which belonged to another run.
      expect((await readdir(checkpoints)).filter((name) => name.startsWith('chk-')).length).toBeLessThanOrEqual(1);
    }));

  test('a job that is drained ends as if there were no more input', () =>
    withJobs(create, async ({ directory, environment }) => {
      const env = environment().enableCheckpointing(5);
      const sink = new CollectSink<number>();
      env
        .fromGenerator((index) => index, { recordsPerSecond: 2000, timestampOf: (index) => index })
        .keyBy(() => 'all', Types.STRING)
        .process<number>({
          processElement(n, { timerService }) {
            timerService.registerEventTimeTimer(n);
          },
          onTimer: (timestamp, _, out) => out.collect(timestamp),
        })
        .sinkTo(sink);
      const client = await env.executeAsync('drained');
      await untilCheckpoints(client, 2);
      expect(sink.collected).toEqual([]);
      await client.stopWithSavepoint({ directory: join(directory, 'savepoint'), drain: true });
      expect(sink.collected.length).toBeGreaterThan(0);
      expect(sink.collected).toEqual(sink.collected.map((_, index) => index));
    }));

  test('a savepoint does not disturb the job, and any backend goes on from it', () =>
    withJobs(create, async ({ directory, environment }) => {
      const savepoint = join(directory, 'savepoint');
      const env = environment().setParallelism(2);
      const sink = new CollectSink<string>();
      numbering(env, { count: 3000, perSecond: 10_000 }).sinkTo(sink).uid('collected');
      const client = await env.executeAsync('saved');
      while (client.status !== 'RUNNING') {
        await new Promise((resolve) => setImmediate(resolve));
      }
      await client.triggerSavepoint(savepoint);
      await client.result;
      expect(sink.collected.toSorted()).toEqual(numbered(3000));
      for (const [, other] of Object.entries(JOB_BACKENDS)) {
        await withJobs(other, async (bench) => {
          const goesOn = bench.environment({
            'execution.state-recovery.path': savepoint,
            'execution.state-recovery.ignore-unclaimed-state': true,
          });
          const out = await numbering(goesOn, { count: 3000 }).executeAndCollect('goes on');
          // What comes after the savepoint is the end of what comes without one.
          expect(out.length).toBeLessThan(3000);
          expect(new Set(out).size).toBe(out.length);
          const all = Array.from({ length: KEYS }, (_, key) => numbersOf(out, key));
          for (const numbers of all) {
            expect(numbers).toEqual(Array.from(numbers, (_, index) => 300 - numbers.length + 1 + index));
          }
        });
      }
    }));
});

/** The numbers that a key's records have, in order. */
function numbersOf(out: readonly string[], key: number): number[] {
  const own = out.filter((each) => each.startsWith(`${key}:`));
  return own.map((each) => Number(each.split(':')[1])).sort((a, b) => a - b);
}
