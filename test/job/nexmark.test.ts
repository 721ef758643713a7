import { setImmediate } from 'node:timers/promises';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { watermarkEvery } from '../../bench/nexmark/every-events.ts';
import type { NexmarkEvent } from '../../bench/nexmark/generator/events.ts';
import { QUERIES } from '../../bench/nexmark/queries/all.ts';
import { q12 } from '../../bench/nexmark/queries/q12.ts';
import type { Result } from '../../bench/nexmark/results.ts';
import { StreamExecutionEnvironment } from '../../lib/job/stream-execution-environment.ts';
import { DELAY_MS, EVENTS } from './nexmark/events.ts';
import { PLAIN_ANSWERS } from './nexmark/plain-answers.ts';

const IN_EVENT_TIME = Object.keys(QUERIES).filter((query) => query !== 'q12');

interface Settings {
  readonly backend: string;
  readonly parallelism: number;
}

function answer(query: string, { backend, parallelism }: Settings): Promise<Result[]> {
  const env = StreamExecutionEnvironment.getExecutionEnvironment({ 'state.backend.type': backend });
  env.setParallelism(parallelism);
  const events = env
    .fromGenerator((number) => EVENTS[number] as NexmarkEvent, { count: EVENTS.length })
    .assignTimestampsAndWatermarks(watermarkEvery({ events: 100, delayMs: DELAY_MS }));
  return QUERIES[query]?.(events).executeAndCollect(query) ?? Promise.reject(new Error(query));
}

function plainAnswer(query: string, clock = (event: NexmarkEvent) => event.dateTime): Result[] {
  return PLAIN_ANSWERS[query]?.(EVENTS, { clock }) ?? [];
}

function sorted(results: readonly Result[]): string[] {
  return results.map((result) => JSON.stringify(result)).sort();
}

describe.each<Settings>([
  { backend: 'hashmap', parallelism: 1 },
  { backend: 'hashmap', parallelism: 2 },
  { backend: 'rocksdb', parallelism: 1 },
  { backend: 'rocksdb', parallelism: 2 },
])('Nexmark on $backend with parallelism $parallelism', (settings) => {
  test.each(IN_EVENT_TIME)('answers %s as the array of its events does', async (query) => {
    expect(sorted(await answer(query, settings))).toEqual(sorted(plainAnswer(query)));
  });
});

describe('Nexmark in processing time', () => {
  const START_MS = Date.UTC(2024, 0, 1);
  const BATCH_EVENTS = 1000;
  const BATCH_MS = 1500;
  const BIDS = EVENTS.filter((event) => event.kind === 'bid');

  afterEach(() => {
    vi.useRealTimers();
  });

  /** Bids, while the clock goes on after each batch of them, and then until there are as many results. */
  async function* bidsByTheClock(env: StreamExecutionEnvironment, results: readonly Result[], expected: number) {
    for (let start = 0; start < BIDS.length; start += BATCH_EVENTS) {
      const batch = BIDS.slice(start, start + BATCH_EVENTS);
      yield* batch;
      while (recordsRead(env) < start + batch.length) {
        await setImmediate();
      }
      vi.advanceTimersByTime(BATCH_MS);
    }
    while (results.length < expected) {
      vi.advanceTimersByTime(BATCH_MS);
      await setImmediate();
    }
  }

  function recordsRead(env: StreamExecutionEnvironment): number {
    const read = Object.entries(env.metrics.snapshot()).filter(([name]) => name.endsWith('.numRecordsIn'));
    return read.reduce((sum, [, value]) => sum + Number(value), 0);
  }

  test.each(['hashmap', 'rocksdb'])('answers q12 on %s by the clock', async (backend) => {
    vi.useFakeTimers({ now: START_MS, toFake: ['Date', 'setTimeout', 'clearTimeout'] });
    const clock = new Map(BIDS.map((bid, index) => [bid, START_MS + Math.floor(index / BATCH_EVENTS) * BATCH_MS]));
    const expected = plainAnswer('q12', (bid) => clock.get(bid as (typeof BIDS)[number]) ?? 0);
    const env = StreamExecutionEnvironment.getExecutionEnvironment({ 'state.backend.type': backend });
    const results: Result[] = [];
    const events = env.fromAsyncIterable<NexmarkEvent, number>({
      open: () => bidsByTheClock(env, results, expected.length),
      positionOf: () => 0,
    });
    q12(events).addSink((result) => {
      results.push(result);
    });
    await env.execute('q12');
    expect(sorted(results)).toEqual(sorted(expected));
  });
});
