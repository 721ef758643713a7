import { EventEmitter, on } from 'node:events';
import { describe, expect, test } from 'vitest';
import { HashMapStateBackend } from '../../../lib/backend/hash-map-state-backend.ts';
import { RestartStrategies } from '../../../lib/job/coordinator/restart-strategy.ts';
import { CollectSink } from '../../../lib/job/sinks/collect-sink.ts';
import { AsyncIterableSource } from '../../../lib/job/sources/async-iterable-source.ts';
import { withJobs } from '../../support/job-backends.ts';
import { until, untilJob, untilRunning } from '../../support/job-progress.ts';
import { read } from '../../support/source-reading.ts';

async function* numbers(from: number, to: number): AsyncGenerator<number> {
  for (let n = from; n < to; n++) {
    yield n;
  }
}

const COUNT = 1000;

test('reading goes on behind any record', async () => {
  const source = new AsyncIterableSource({
    open: (from = 0) => numbers(from, COUNT),
    positionOf: (n: number) => n + 1,
    timestampOf: (n) => n * 10,
    boundedness: 'BOUNDED',
  });
  for (const limit of [0, 1, 64, 257, COUNT]) {
    const { reader, values } = await read(source, source.splits(), limit);
    const rest = await read(source, JSON.parse(JSON.stringify(reader.snapshotState(1))));
    await reader.close?.();
    expect([...values, ...rest.values]).toEqual(Array.from({ length: COUNT }, (_, n) => n));
    expect(rest.timestamps).toEqual(rest.values.map((n) => n * 10));
  }
});

test('a failure of the iterable fails the job, and a restart goes on from the newest checkpoint', () =>
  withJobs(
    () => new HashMapStateBackend(),
    async ({ environment }) => {
      const opened: (number | undefined)[] = [];
      const sink = new CollectSink<number>();
      const env = environment().enableCheckpointing(5).setRestartStrategy(RestartStrategies.fixedDelayRestart(2, 0));
      env
        .fromAsyncIterable<number, number>({
          async *open(from) {
            opened.push(from);
            yield* numbers(from ?? 0, 300);
            if (opened.length < 3) {
              await until(() => sink.collected.length === 300);
              throw new Error('connection lost');
            }
            yield* numbers(300, 500);
          },
          positionOf: (n) => n + 1,
          boundedness: 'BOUNDED',
        })
        .sinkTo(sink);
      expect(await env.execute('reads')).toMatchObject({ restarts: 2 });
      expect(sink.collected).toEqual(Array.from({ length: 500 }, (_, n) => n));
      expect(opened).toEqual([undefined, 300, 300]);
    },
  ));

describe('an iterable that never has a record', () => {
  test('is told when the job is cancelled, by its return', () =>
    withJobs(
      () => new HashMapStateBackend(),
      async ({ environment }) => {
        const emitter = new EventEmitter();
        const env = environment();
        env
          .fromAsyncIterable<unknown[], number>({ open: () => on(emitter, 'record'), positionOf: () => 0 })
          .addSink(() => {});
        const client = await env.executeAsync();
        await untilRunning(client);
        await untilJob(client, () => emitter.listenerCount('record') === 1);
        await client.cancel();
        expect(client.status).toBe('CANCELED');
        await until(() => emitter.listenerCount('record') === 0);
        expect(emitter.listenerCount('record')).toBe(0);
      },
    ));

  test('is told by a signal, as a generator learns of nothing else', () =>
    withJobs(
      () => new HashMapStateBackend(),
      async ({ environment }) => {
        let isOpen = false;
        const env = environment();
        env
          .fromAsyncIterable<number, number>({
            async *open(_, signal) {
              isOpen = true;
              await new Promise((resolve) => signal.addEventListener('abort', resolve));
              isOpen = false;
            },
            positionOf: () => 0,
          })
          .addSink(() => {});
        const client = await env.executeAsync();
        await untilJob(client, () => isOpen);
        await client.cancel();
        await until(() => !isOpen);
        expect(client.status).toBe('CANCELED');
      },
    ));

  test('does not keep a job from being stopped with a savepoint', () =>
    withJobs(
      () => new HashMapStateBackend(),
      async ({ directory, environment }) => {
        const env = environment();
        env
          .fromAsyncIterable<number, number>({
            open: () => ({ [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => {}) }) }),
            positionOf: () => 0,
          })
          .addSink(() => {});
        const client = await env.executeAsync();
        await untilRunning(client);
        const savepoint = `${directory}/savepoint`;
        expect(await client.stopWithSavepoint({ directory: savepoint })).toBe(savepoint);
        expect(client.status).toBe('FINISHED');
      },
    ));
});
