// Event time and timers through a whole job: idle inputs, operators that take their time, and the end of the input.
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { HashMapStateBackend } from '../../lib/backend/hash-map-state-backend.ts';
import { Types } from '../../lib/bytes/types.ts';
import type { DataStream } from '../../lib/job/data-stream.ts';
import { WatermarkStrategy } from '../../lib/job/watermarks/watermark-strategy.ts';
import { withJobs } from '../support/job-backends.ts';
import { untilJob, untilRunning } from '../support/job-progress.ts';
import { PushSource } from '../support/push-source.ts';

type Said = number | 'idle';

/** Each number is a timestamp and a watermark; `idle` is what it says. */
const SAID = WatermarkStrategy.forGenerator<Said>(() => ({
  onEvent(event, timestamp, output) {
    if (event === 'idle') {
      output.markIdle();
    } else {
      output.emitWatermark(timestamp);
    }
  },
  onPeriodicEmit() {},
})).withTimestampAssigner((event, before) => (event === 'idle' ? before : event));

/** Puts out the times of timers that are set for each time a record gives. */
function timers(stream: DataStream<Said>, fired: number[], times: readonly number[]): DataStream<Said> {
  return stream
    .keyBy(() => 'all', Types.STRING)
    .process<Said>({
      processElement(said, { timerService }, out) {
        for (const time of times) {
          timerService.registerEventTimeTimer(time);
        }
        out.collect(said);
      },
      async onTimer(timestamp) {
        await turn();
        await turn();
        fired.push(timestamp);
      },
    })
    .setParallelism(1);
}

test('when all inputs are idle event time is that of the farthest, also behind operators that take their time', () =>
  withJobs(
    () => new HashMapStateBackend(),
    async ({ environment }) => {
      const env = environment();
      const sources = [new PushSource<Said>(), new PushSource<Said>()] as const;
      const [a, b] = sources.map((source) => env.fromSource(source, SAID).setParallelism(1));
      const fired: [number[], number[], number[]] = [[], [], []];
      const first = timers((a as DataStream<Said>).union(b as DataStream<Said>), fired[0], [20]);
      const second = timers(first, fired[1], [25]);
      const seen: Said[] = [];
      timers(second, fired[2], [30]).addSink((said) => void seen.push(said));
      const client = await env.executeAsync();
      await untilRunning(client);
      for (const [source, said] of [
        [0, 10],
        [1, 30],
        [1, 'idle'],
        [0, 'idle'],
      ] as const) {
        const { length } = seen;
        sources[source].push(said);
        await untilJob(client, () => seen.length > length);
      }
      await untilJob(client, () => fired[2].length > 0);
      // Each record that was passed on has set its timers again.
      expect(fired.map((times) => [...new Set(times)])).toEqual([[20], [25], [30]]);
      await client.cancel();
    },
  ));

test('an input that is idle is not waited for, and does not hold the others back when it comes again', () =>
  withJobs(
    () => new HashMapStateBackend(),
    async ({ environment }) => {
      const env = environment();
      const sources = [new PushSource<Said>(), new PushSource<Said>()] as const;
      const [a, b] = sources.map((source) => env.fromSource(source, SAID).setParallelism(1));
      const fired: number[] = [];
      const seen: Said[] = [];
      const times = [5, 15, 150, 250];
      timers((a as DataStream<Said>).union(b as DataStream<Said>), fired, times).addSink(
        (said) => void seen.push(said),
      );
      const client = await env.executeAsync();
      await untilRunning(client);
      sources[0].push(10);
      sources[1].push(10);
      await untilJob(client, () => fired.includes(5));
      expect(fired).not.toContain(15);
      sources[1].push('idle');
      sources[0].push(200);
      await untilJob(client, () => fired.includes(15) && fired.includes(150));
      expect(fired).not.toContain(250);
      sources[1].push(50);
      await untilJob(client, () => seen.includes(50));
      sources[0].push(300);
      await untilJob(client, () => fired.includes(250));
      expect(new Set(fired)).toEqual(new Set(times));
      await client.cancel();
    },
  ));

test('what makes timestamps anew does not mind whether its input is idle', () =>
  withJobs(
    () => new HashMapStateBackend(),
    async ({ environment }) => {
      const env = environment({ 'pipeline.auto-watermark-interval': 5 });
      const source = new PushSource<Said>();
      const anew = WatermarkStrategy.forMonotonousTimestamps<Said>().withTimestampAssigner((said) =>
        said === 'idle' ? 150 : 1,
      );
      const fired: number[] = [];
      const stream = env.fromSource(source, SAID).setParallelism(1).assignTimestampsAndWatermarks(anew);
      timers(stream, fired, [100]).addSink(() => {});
      const client = await env.executeAsync();
      await untilRunning(client);
      source.push(1, 'idle');
      await untilJob(client, () => fired.length > 0);
      expect(fired).toEqual([100]);
      await client.cancel();
    },
  ));

describe('at the end of the input', () => {
  test('timers of event time fire, those of the clock do not any more', () =>
    withJobs(
      () => new HashMapStateBackend(),
      async ({ environment }) => {
        const env = environment();
        const keepsRunning = new PushSource<number>();
        const fired: string[] = [];
        const watch = (stream: DataStream<number>, name: string, delayMs: number) =>
          stream
            .keyBy(() => 'all', Types.STRING)
            .process<number>({
              processElement(_, { timerService }) {
                timerService.registerProcessingTimeTimer(timerService.currentProcessingTime() + delayMs);
                timerService.registerEventTimeTimer(1000);
              },
              onTimer: (_, { timeDomain }) => void fired.push(`${name} ${timeDomain}`),
            })
            .addSink(() => {});
        watch(env.fromElements(1), 'ended', 300);
        watch(env.fromSource(keepsRunning), 'running', 310);
        const client = await env.executeAsync();
        await untilJob(client, () => fired.length > 0);
        keepsRunning.push(1);
        await untilJob(client, () => fired.length > 1);
        expect(fired.map((each) => each.split(' ')[0])).toEqual(['ended', 'running']);
        expect(fired[0]).toMatch(/event/i);
        expect(fired[1]).toMatch(/processing/i);
        await client.cancel();
      },
    ));
});
