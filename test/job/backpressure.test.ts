// A job whose sink is slower than its source: what waits is bounded, and all else goes on.
import { setImmediate as turn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import type { JobClient } from '../../lib/job/job-client.ts';
import { CHANNEL_CAPACITY } from '../../lib/job/runtime/channel.ts';
import { JOB_BACKENDS, withJobs } from '../support/job-backends.ts';
import { untilCheckpoints, untilJob } from '../support/job-progress.ts';

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

const PARALLELISM = 2;
// One half of a queue is read while the other is written to, and whoever fills it finishes what it is about.
const QUEUE = 2 * (CHANNEL_CAPACITY + 64);
// A map and a sink, each before a queue from every subtask before it.
const MOST_WAITING = 2 * PARALLELISM * PARALLELISM * QUEUE;
const RECORD_CHARACTERS = 100;

function longestQueue(client: JobClient): number {
  const lengths = client.metrics
    .metrics()
    .flatMap((each) => (each.name === 'inputQueueLength' && each.kind === 'gauge' ? [each.metric.value] : []));
  expect(lengths.length).toBeGreaterThan(0);
  return Math.max(...lengths);
}

test.each(Object.keys(JOB_BACKENDS))('records wait in bounded queues, on %s', (backend) =>
  withJobs(JOB_BACKENDS[backend] as (typeof JOB_BACKENDS)[string], async ({ environment }) => {
    let made = 0;
    let written = 0;
    let allowed = 0;
    const waiting = new Set<() => void>();
    const allow = (count: number) => {
      allowed += count;
      for (const go of waiting) {
        go();
      }
      waiting.clear();
    };
    const env = environment().setParallelism(PARALLELISM).enableCheckpointing('1 h').disableOperatorChaining();
    env
      .fromGenerator((n) => {
        made++;
        return `${n}`.padEnd(RECORD_CHARACTERS, '.');
      })
      .rebalance()
      .map((text) => `${text}!`)
      .rebalance()
      .addSink(async () => {
        while (written >= allowed) {
          await new Promise<void>((resolve) => waiting.add(resolve));
        }
        written++;
      });
    const client = await env.executeAsync();
    const heaps: number[] = [];
    let longest = 0;
    for (let round = 1; round <= 6; round++) {
      const before = written;
      allow(20_000);
      await untilJob(client, () => {
        longest = Math.max(longest, longestQueue(client));
        expect(made - written).toBeLessThanOrEqual(MOST_WAITING);
        return written >= before + 20_000;
      });
      // Nobody reads now: the source stops all the same, while the event loop turns.
      let settled = -1;
      while (settled !== made) {
        settled = made;
        for (let turns = 0; turns < 50; turns++) {
          await turn();
        }
      }
      expect(made - written).toBeLessThanOrEqual(MOST_WAITING);
      let isComplete = false;
      const checkpoint = client.triggerCheckpoint().finally(() => {
        isComplete = true;
      });
      // What is before its barriers has to be written first.
      while (!isComplete) {
        allow(100);
        await turn();
      }
      await checkpoint;
      collectGarbage();
      heaps.push(process.memoryUsage().heapUsed);
    }
    await untilCheckpoints(client, 6);
    await client.cancel();
    expect(longest).toBeGreaterThan(CHANNEL_CAPACITY / 2);
    expect(longest).toBeLessThanOrEqual(PARALLELISM * QUEUE);
    // Some 200,000 records have gone by.
    expect((heaps.at(-1) ?? 0) - (heaps[1] ?? 0)).toBeLessThan(16 * 1024 * 1024);
  }),
);
