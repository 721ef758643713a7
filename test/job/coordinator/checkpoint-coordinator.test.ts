// When checkpoints are taken, what becomes of those that fail, and what a job leaves behind.
import { access, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ValueStateDescriptor } from '../../../lib/api/descriptors.ts';
import type { ValueState } from '../../../lib/api/state.ts';
import { Types } from '../../../lib/bytes/types.ts';
import type { ConfigurationEntries } from '../../../lib/config/configuration.ts';
import { RestartStrategies } from '../../../lib/job/coordinator/restart-strategy.ts';
import type { KeyedProcessContext, KeyedProcessFunction } from '../../../lib/job/functions/process-functions.ts';
import type { Collector, RuntimeContext } from '../../../lib/job/functions/rich-function.ts';
import { CollectSink } from '../../../lib/job/sinks/collect-sink.ts';
import type { StreamExecutionEnvironment } from '../../../lib/job/stream-execution-environment.ts';
import { WatermarkStrategy } from '../../../lib/job/watermarks/watermark-strategy.ts';
import { DisturbedStorage } from '../../support/disturbed-storage.ts';
import { JOB_BACKENDS, type JobBench, withJobs } from '../../support/job-backends.ts';
import { Held, until, untilCheckpoints, untilJob, untilRunning } from '../../support/job-progress.ts';
import { PushSource } from '../../support/push-source.ts';

const HOUR = '1 h';

/** Counts the records of each key. */
class Counting implements KeyedProcessFunction<string, string, string> {
  #count!: ValueState<number>;

  open(context: RuntimeContext): void {
    this.#count = context.getState(new ValueStateDescriptor('count', Types.LONG));
  }

  processElement(_: string, context: KeyedProcessContext<string>, out: Collector<string>): void {
    const count = (this.#count.value() ?? 0) + 1;
    this.#count.update(count);
    out.collect(`${context.getCurrentKey()}${count}`);
  }
}

interface Bench extends JobBench {
  readonly storage: DisturbedStorage;
  readonly source: PushSource<string>;
  readonly sink: CollectSink<string>;
  /** A job that counts what the source is given. */
  counting(config?: ConfigurationEntries, interval?: string | number): StreamExecutionEnvironment;
}

function withCounting(create: (typeof JOB_BACKENDS)[string], run: (bench: Bench) => Promise<void>): Promise<void> {
  return withJobs(create, (jobs) => {
    const storage = new DisturbedStorage(jobs.checkpoints, { retained: 1 });
    const source = new PushSource<string>();
    const sink = new CollectSink<string>();
    return run({
      ...{ ...jobs, storage, source, sink },
      counting(config = {}, interval = HOUR) {
        const localdir = { 'state.backend.rocksdb.localdir': join(jobs.directory, 'local') };
        const env = jobs
          .environment({ ...localdir, ...config })
          .setParallelism(2)
          .enableCheckpointing(interval);
        env.getCheckpointConfig().setCheckpointStorage(storage);
        env.setRestartStrategy(RestartStrategies.noRestart());
        env
          .fromSource(source, WatermarkStrategy.noWatermarks(), 'pushed')
          .uid('pushed')
          .keyBy((key) => key, Types.STRING)
          .process(Counting)
          .uid('counting')
          .sinkTo(sink)
          .uid('collected');
        return env;
      },
    });
  });
}

async function checkpointsIn(directory: string): Promise<string[]> {
  const names = await readdir(directory).catch(() => []);
  return names.filter((name) => name.startsWith('chk-')).sort();
}

async function filesBelow(directory: string): Promise<string[]> {
  return readdir(directory, { recursive: true }).catch(() => []);
}

const failUploads = (ids: readonly number[]) => (checkpointId: number) => {
  if (ids.includes(checkpointId)) {
    throw new Error(`no room for checkpoint ${checkpointId}`);
  }
};

describe.each(Object.entries(JOB_BACKENDS))('on %s', (_, create) => {
  test('checkpoints are taken from time to time, with a pause between them', () =>
    withCounting(create, async ({ counting, source, storage }) => {
      const env = counting({}, 5);
      env.getCheckpointConfig().setMinPauseBetweenCheckpoints(30);
      const client = await env.executeAsync();
      source.push('a', 'b');
      await untilCheckpoints(client, 4);
      await client.cancel();
      const { history, counts } = client.checkpointStatistics;
      expect(storage.completed.slice(0, 4)).toEqual([1, 2, 3, 4]);
      expect(counts.completed).toBe(storage.completed.length);
      for (const [index, { triggeredMs, durationMs }] of history.slice(0, 3).entries()) {
        // Both clocks are cut to milliseconds.
        const next = history[index + 1];
        expect((next?.triggeredMs ?? 0) - triggeredMs - durationMs).toBeGreaterThanOrEqual(28);
      }
    }));

  test('a checkpoint says what it is of', () =>
    withCounting(create, async ({ counting, source, checkpoints, directory }) => {
      const client = await counting().executeAsync();
      await untilRunning(client);
      source.push('a', 'b', 'c');
      const { checkpointId, location } = await client.triggerCheckpoint();
      await client.triggerSavepoint(join(directory, 'savepoint'));
      const { counts, history, latestCompleted, latestFailed } = client.checkpointStatistics;
      expect(counts).toEqual({ total: 2, inProgress: 0, completed: 2, failed: 0, restored: 0 });
      expect(checkpointId).toBe(1);
      expect(location).toBe(join(checkpoints, 'chk-1'));
      expect(history).toMatchObject([
        { checkpointId: 1, kind: 'checkpoint', status: 'COMPLETED', location },
        { checkpointId: 2, kind: 'savepoint', status: 'COMPLETED', location: join(directory, 'savepoint') },
      ]);
      expect(latestCompleted).toEqual(history[1]);
      expect(latestFailed).toBeUndefined();
      const [first] = history;
      const subtasks = first?.subtasks ?? [];
      expect(subtasks.map(({ task, index }) => `${task}:${index}`).sort()).toEqual(['0:0', '0:1', '1:0', '1:1']);
      expect(first?.stateSizeBytes).toBe(subtasks.reduce((sum, each) => sum + each.stateSizeBytes, 0));
      expect(first?.stateSizeBytes).toBeGreaterThan(0);
      expect(
        Math.min(...subtasks.flatMap(({ startDelayMs, syncMs, asyncMs }) => [startDelayMs, syncMs, asyncMs])),
      ).toBeGreaterThanOrEqual(0);
      await client.cancel();
    }));

  test.each(['beforeBegin', 'beforeUpload'] as const)(
    'a checkpoint that takes too long is given up, and the job goes on: %s',
    (place) =>
      withCounting(create, async ({ counting, source, sink, storage }) => {
        const held = new Held();
        storage[place] = (id) => (id === 1 ? held.hold() : undefined);
        const env = counting({}, 10);
        env.getCheckpointConfig().setCheckpointTimeout(200).setTolerableCheckpointFailureNumber(1000);
        const client = await env.executeAsync();
        source.push('a', 'b');
        await untilJob(client, () => client.checkpointStatistics.counts.failed > 0);
        const [expired] = client.checkpointStatistics.history;
        expect(expired).toMatchObject({
          ...{ checkpointId: 1, status: 'FAILED' },
          failure: expect.stringMatching(
            /^Checkpoint 1 expired: after 200 ms, \d of 4 subtasks have not stored their state/,
          ),
        });
        held.release();
        source.push('a', 'b');
        // The barriers that are still on their way hold nothing up.
        await untilJob(client, () => sink.collected.length === 4);
        expect(sink.collected.toSorted()).toEqual(['a1', 'a2', 'b1', 'b2']);
        await client.cancel();
        expect(storage.completed).not.toContain(1);
        await until(() => storage.aborted.includes(1));
      }),
  );

  test('a job fails when more checkpoints in a row fail than may', () =>
    withCounting(create, async ({ counting, source, storage }) => {
      storage.beforeUpload = failUploads([1, 2, 4, 5, 6]);
      const env = counting({}, 1);
      env.getCheckpointConfig().setTolerableCheckpointFailureNumber(2);
      const client = await env.executeAsync();
      source.push('a', 'b');
      await expect(client.result).rejects.toThrow(/3 checkpoints have failed in a row.*no room for checkpoint 6/);
      expect(client.checkpointStatistics.counts).toMatchObject({ completed: 1, failed: 5 });
      expect(client.checkpointStatistics.latestFailed).toMatchObject({ checkpointId: 6 });
      expect(storage.aborted).toEqual([1, 2, 4, 5, 6]);
    }));

  test('the last checkpoint of a job that ends may fail as often as any other', () =>
    withCounting(create, async ({ counting, source, storage, sink }) => {
      storage.beforeUpload = failUploads([1, 2]);
      const env = counting({}, 20);
      env.getCheckpointConfig().setTolerableCheckpointFailureNumber(2);
      source.push('a', 'b', 'a');
      source.end();
      await env.execute();
      expect(sink.collected.toSorted()).toEqual(['a1', 'a2', 'b1']);
      expect(storage.completed.length).toBeGreaterThan(0);
    }));

  test('a job whose last checkpoint fails for good has not finished', () =>
    withCounting(create, async ({ counting, source, storage, sink }) => {
      storage.beforeUpload = () => {
        throw new Error('no room');
      };
      source.push('a');
      source.end();
      await expect(counting().execute()).rejects.toThrow(/failed in a row.*no room/);
      expect(sink.collected).toEqual([]);
    }));

  test('a checkpoint that is asked for and fails is the affair of whoever asked', () =>
    withCounting(create, async ({ counting, source, storage, sink }) => {
      storage.beforeUpload = failUploads([1]);
      const client = await counting().executeAsync();
      await untilRunning(client);
      source.push('a');
      await expect(client.triggerCheckpoint()).rejects.toMatchObject({
        code: 'ERR_CHECKPOINT',
        message: expect.stringMatching(/no room/),
      });
      await client.triggerCheckpoint();
      expect(sink.collected).toEqual(['a1']);
      await client.cancel();
    }));

  describe('what is kept', () => {
    const RETENTION = 'execution.checkpointing.externalized-checkpoint-retention';
    const ENDS = {
      finish: async (bench: Bench) => bench.source.end(),
      fail: async (bench: Bench) => bench.source.fail(new Error('broken source')),
      cancel: async () => {},
    };
    test.each([
      ['DELETE_ON_CANCELLATION', 'finish', []],
      ['DELETE_ON_CANCELLATION', 'fail', ['chk-2']],
      ['DELETE_ON_CANCELLATION', 'cancel', []],
      ['RETAIN_ON_CANCELLATION', 'finish', []],
      ['RETAIN_ON_CANCELLATION', 'fail', ['chk-2']],
      ['RETAIN_ON_CANCELLATION', 'cancel', ['chk-2']],
      ['NO_EXTERNALIZED_CHECKPOINTS', 'finish', []],
      ['NO_EXTERNALIZED_CHECKPOINTS', 'fail', []],
      ['NO_EXTERNALIZED_CHECKPOINTS', 'cancel', []],
    ] as const)('with %s, when jobs %s: %j', (retention, end, kept) =>
      withCounting(create, async (bench) => {
        const client = await bench.counting({ [RETENTION]: retention }).executeAsync();
        await untilRunning(client);
        bench.source.push('a');
        await client.triggerCheckpoint();
        await client.triggerCheckpoint();
        await ENDS[end](bench);
        await (end === 'cancel' ? client.cancel() : client.result.catch(() => {}));
        expect(client.status).toBe({ finish: 'FINISHED', fail: 'FAILED', cancel: 'CANCELED' }[end]);
        expect(await checkpointsIn(bench.checkpoints)).toEqual(kept);
        expect(await filesBelow(join(bench.directory, 'local'))).toEqual([]);
        expect(bench.source.open).toBe(0);
      }),
    );
  });

  describe('stopping with a savepoint', () => {
    test('waits for the checkpoint that is under way', () =>
      withCounting(create, async ({ counting, source, sink, storage, directory }) => {
        const held = new Held();
        storage.beforeUpload = () => held.hold();
        const client = await counting().executeAsync();
        await untilRunning(client);
        source.push('a', 'b');
        const checkpoint = client.triggerCheckpoint();
        await untilJob(client, () => held.isReached);
        const stopped = client.stopWithSavepoint({ directory: join(directory, 'savepoint') });
        source.push('a');
        held.release();
        expect((await checkpoint).checkpointId).toBe(1);
        expect(await stopped).toBe(join(directory, 'savepoint'));
        expect(client.status).toBe('FINISHED');
        expect((await client.result).savepoint).toBe(join(directory, 'savepoint'));
        // The third record may have been read before, or is left for those who go on.
        expect(sink.collected.slice(0, 2).toSorted()).toEqual(['a1', 'b1']);
      }));

    test('is done once: a second call is refused, and disturbs nothing', () =>
      withCounting(create, async ({ counting, source, sink, directory }) => {
        const client = await counting().executeAsync();
        await untilRunning(client);
        source.push('a');
        await untilJob(client, () => client.checkpointStatistics.counts.total === 0);
        const first = client.stopWithSavepoint({ directory: join(directory, 'savepoint') });
        const second = client.stopWithSavepoint({ directory: join(directory, 'savepoint') });
        await expect(second).rejects.toMatchObject({
          code: 'ERR_CHECKPOINT',
          message: expect.stringMatching(/being stopped.*already/),
        });
        await first;
        expect(client.status).toBe('FINISHED');
        expect(client.checkpointStatistics.counts).toMatchObject({ completed: 1, failed: 0 });
        expect(sink.collected.length).toBeLessThanOrEqual(1);
        await expect(client.stopWithSavepoint({ directory })).rejects.toThrow(/is FINISHED; only a running job/);
        await expect(client.triggerSavepoint(directory)).rejects.toThrow(/is FINISHED/);
        await expect(client.triggerCheckpoint()).rejects.toThrow(/is FINISHED/);
        await client.cancel();
        expect(client.status).toBe('FINISHED');
      }));

    test('leaves the job alone when there is no place for the savepoint', () =>
      withCounting(create, async ({ counting, source, sink, directory }) => {
        const client = await counting().executeAsync();
        await untilRunning(client);
        await expect(client.stopWithSavepoint({ directory })).rejects.toThrow();
        await expect(client.stopWithSavepoint()).rejects.toMatchObject({ code: 'ERR_INVALID_PATH' });
        source.push('a');
        source.end();
        await client.result;
        expect(sink.collected).toEqual(['a1']);
      }));

    test('of a job that is just ending commits all that was put out, one way or the other', () =>
      withCounting(create, async ({ counting, source, sink, storage, directory }) => {
        const held = new Held();
        storage.beforeComplete = (id) => (id === 1 ? held.hold() : undefined);
        const client = await counting().executeAsync();
        await untilRunning(client);
        source.push('a', 'b');
        const checkpoint = client.triggerCheckpoint();
        await untilJob(client, () => held.isReached);
        source.push('c');
        source.end();
        await untilJob(client, () => source.ended === 2);
        for (let turn = 0; turn < 20; turn++) {
          await new Promise((resolve) => setImmediate(resolve));
        }
        const stopped = client.stopWithSavepoint({ directory: join(directory, 'savepoint') }).catch((error) => error);
        held.release();
        await checkpoint;
        await client.result;
        await stopped;
        expect(client.status).toBe('FINISHED');
        expect(sink.collected.toSorted()).toEqual(['a1', 'b1', 'c1']);
      }));

    test.each(['close', 'notifyCheckpointComplete'] as const)(
      'of a job that fails behind it, in %s, is not undone by a restart',
      (method) =>
        withCounting(create, async ({ counting, source, sink, directory }) => {
          const savepoint = join(directory, 'savepoint');
          const env = counting().setRestartStrategy(RestartStrategies.fixedDelayRestart(5, 0));
          let isStopping = false;
          env
            .fromElements('x')
            .map({
              map: (value: string) => value,
              [method]() {
                if (isStopping) {
                  throw new Error('bad end');
                }
              },
            } as never)
            .uid('bad')
            .addSink(() => {});
          const client = await env.executeAsync();
          await untilRunning(client);
          source.push('a');
          await client.triggerCheckpoint();
          source.push('a', 'b');
          isStopping = true;
          await expect(client.stopWithSavepoint({ directory: savepoint })).rejects.toThrow();
          await expect(client.result).rejects.toThrow(/after its last savepoint, .*savepoint.*bad end/);
          expect(client.status).toBe('FAILED');
          await access(join(savepoint, '_metadata'));
          expect(new Set(sink.collected).size).toBe(sink.collected.length);
        }),
    );
  });

  describe('cancelling ends a job', () => {
    test('while it is opened', () =>
      withCounting(create, async ({ counting, directory, source }) => {
        const held = new Held();
        const env = counting();
        env
          .fromElements(1)
          .map({ open: () => held.hold(), map: (n: number) => n } as never)
          .addSink(() => {});
        const client = await env.executeAsync();
        await untilJob(client, () => held.isReached);
        expect(client.status).toBe('INITIALIZING');
        await expect(client.triggerCheckpoint()).rejects.toThrow(/is INITIALIZING/);
        const cancelled = client.cancel();
        expect(client.status).toBe('CANCELLING');
        held.release();
        await cancelled;
        expect(client.status).toBe('CANCELED');
        expect(source.open).toBe(0);
        expect(await filesBelow(join(directory, 'local'))).toEqual([]);
      }));

    test('while it is restored', () =>
      withCounting(create, async ({ counting, directory, source, storage }) => {
        const retention = { 'execution.checkpointing.externalized-checkpoint-retention': 'RETAIN_ON_CANCELLATION' };
        const first = await counting(retention).executeAsync();
        await untilRunning(first);
        source.push('a', 'b', 'c', 'd');
        await first.triggerCheckpoint();
        await first.cancel();
        const held = new Held();
        storage.beforeDownload = () => held.hold();
        const client = await counting(retention).executeAsync({ fromSavepoint: 'latest' });
        await untilJob(client, () => held.isReached);
        const cancelled = client.cancel();
        held.release();
        await cancelled;
        expect(client.status).toBe('CANCELED');
        expect(await filesBelow(join(directory, 'local'))).toEqual([]);
        expect(await checkpointsIn(storage.directory)).toEqual(['chk-1']);
      }));

    test.each(['beforeBegin', 'beforeUpload', 'beforeComplete'] as const)('while it takes a checkpoint: %s', (place) =>
      withCounting(create, async ({ counting, directory, source, storage }) => {
        const held = new Held();
        storage[place] = () => held.hold();
        const client = await counting().executeAsync();
        await untilRunning(client);
        source.push('a', 'b');
        const checkpoint = client.triggerCheckpoint().catch((error) => error);
        await untilJob(client, () => held.isReached);
        const cancelled = client.cancel();
        if (place !== 'beforeBegin') {
          held.release();
        }
        await cancelled;
        expect(client.status).toBe('CANCELED');
        await checkpoint;
        held.release();
        await until(() => storage.begun.every((id) => storage.aborted.includes(id) || storage.completed.includes(id)));
        expect(await filesBelow(join(directory, 'local'))).toEqual([]);
        expect(source.open).toBe(0);
      }),
    );

    test('while it waits to be started again', () =>
      withCounting(create, async ({ counting, source }) => {
        const env = counting().setRestartStrategy(RestartStrategies.fixedDelayRestart(1, HOUR));
        const client = await env.executeAsync();
        await untilRunning(client);
        source.fail(new Error('broken source'));
        await untilJob(client, () => client.status === 'RESTARTING');
        await client.cancel();
        expect(client.status).toBe('CANCELED');
        await expect(client.result).rejects.toMatchObject({ code: 'ERR_CANCELLED' });
      }));

    test('twice, and after its end, without effect', () =>
      withCounting(create, async ({ counting, source }) => {
        const client = await counting().executeAsync();
        await untilRunning(client);
        source.fail(new Error('broken source'));
        await client.result.catch(() => {});
        await Promise.all([client.cancel(), client.cancel()]);
        expect(client.status).toBe('FAILED');
      }));
  });

  describe('a failure is the job’s', () => {
    const bad = (method: string, isAsync: boolean) => ({
      map: (value: string) => value,
      initializeState() {},
      [method]() {
        const error = new Error(`bad ${method}`);
        if (isAsync) {
          return Promise.reject(error);
        }
        throw error;
      },
    });

    test.each(
      ['open', 'initializeState', 'close', 'snapshotState', 'notifyCheckpointComplete'].flatMap((method) => [
        { method, isAsync: false },
        { method, isAsync: true },
      ]),
    )('in $method, async: $isAsync', ({ method, isAsync }) =>
      withCounting(create, async ({ counting, source, directory }) => {
        const env = counting();
        env
          .fromElements('x')
          .keyBy((x) => x, Types.STRING)
          .process(Counting)
          .map(bad(method, isAsync) as never)
          .setParallelism(1)
          .addSink(() => {});
        source.push('a');
        source.end();
        await expect(env.execute('bad')).rejects.toThrow(`Job 'bad' failed: bad ${method}`);
        expect(source.open).toBe(0);
        expect(await filesBelow(join(directory, 'local'))).toEqual([]);
      }),
    );

    test.each(['write', 'snapshot', 'commit', 'close'])('in the %s of a sink', (method) =>
      withCounting(create, async ({ counting, source, directory }) => {
        const env = counting();
        const writer = { write() {}, snapshot: () => [1], commit() {} };
        env.fromElements('x').sinkTo({
          createWriter: () => ({
            ...writer,
            [method]() {
              throw new Error(`bad ${method}`);
            },
          }),
        });
        source.end();
        await expect(env.execute('bad')).rejects.toThrow(`Job 'bad' failed: bad ${method}`);
        expect(await filesBelow(join(directory, 'local'))).toEqual([]);
      }),
    );

    test('of a sink’s commit that fails once is mended by a restart', () =>
      withCounting(create, async ({ counting, source }) => {
        const env = counting().setRestartStrategy(RestartStrategies.fixedDelayRestart(1, 0));
        const committed: string[] = [];
        let failures = 0;
        env
          .fromElements('x', 'y')
          .sinkTo<string>({
            createWriter() {
              let values: string[] = [];
              return {
                write(value) {
                  values.push(value);
                },
                snapshot: () => values.splice(0),
                commit(batch) {
                  if (failures++ === 0) {
                    throw new Error('bad commit');
                  }
                  committed.push(...batch);
                },
                close() {
                  values = [];
                },
              };
            },
          })
          .setParallelism(1)
          .uid('commits');
        source.end();
        const { restarts } = await env.execute();
        expect(restarts).toBe(1);
        expect(committed).toEqual(['x', 'y']);
      }));

    test('of a source', () =>
      withCounting(create, async ({ counting, source }) => {
        const client = await counting().executeAsync('bad');
        await untilRunning(client);
        source.fail(new Error('broken source'));
        await expect(client.result).rejects.toThrow("Job 'bad' failed: broken source");
      }));
  });
});
