// Records of several inputs, checkpoints all the time, and failures: everything counts once or, where that is asked for, at
// least once.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ValueStateDescriptor } from '../../lib/api/descriptors.ts';
import type { ValueState } from '../../lib/api/state.ts';
import { Types } from '../../lib/bytes/types.ts';
import { RestartStrategies } from '../../lib/job/coordinator/restart-strategy.ts';
import type { DataStream } from '../../lib/job/data-stream.ts';
import type {
  KeyedCoProcessFunction,
  KeyedProcessContext,
  KeyedProcessFunction,
} from '../../lib/job/functions/process-functions.ts';
import type { Collector, RuntimeContext } from '../../lib/job/functions/rich-function.ts';
import { OutputTag } from '../../lib/job/operators/output.ts';
import { CollectSink } from '../../lib/job/sinks/collect-sink.ts';
import type { StreamExecutionEnvironment } from '../../lib/job/stream-execution-environment.ts';
import { WatermarkStrategy } from '../../lib/job/watermarks/watermark-strategy.ts';
import { JOB_BACKENDS, withJobs } from '../support/job-backends.ts';
import { Held, untilJob, untilRunning } from '../support/job-progress.ts';
import { PushSource } from '../support/push-source.ts';

const KEYS = 5;
const SLOW_EVERY = 16;

interface Item {
  readonly n: number;
  readonly path: string;
}

/** Fails when it has seen so many records, over all attempts. */
class Failures {
  seen = 0;
  happened = 0;
  readonly #points: Set<number>;

  constructor(points: readonly number[]) {
    this.#points = new Set(points);
  }

  pass<T>(value: T): T {
    this.seen++;
    if (this.#points.has(this.seen)) {
      this.happened++;
      throw new Error(`failure at ${this.seen}`);
    }
    return value;
  }
}

const keyOf = ({ n }: Item): number => n % KEYS;

/** Numbers the records of each key and input. */
class NumberingBoth implements KeyedCoProcessFunction<number, Item, Item, Item> {
  #counts!: readonly ValueState<number>[];

  open(context: RuntimeContext): void {
    this.#counts = ['first', 'second'].map((name) => context.getState(new ValueStateDescriptor(name, Types.LONG)));
  }

  processElement1(item: Item, context: KeyedProcessContext<number>, out: Collector<Item>): void {
    this.#number(0, item, context, out);
  }

  processElement2(item: Item, context: KeyedProcessContext<number>, out: Collector<Item>): void {
    this.#number(1, item, context, out);
  }

  #number(input: 0 | 1, item: Item, context: KeyedProcessContext<number>, out: Collector<Item>): void {
    const state = this.#counts[input] as ValueState<number>;
    const count = (state.value() ?? 0) + 1;
    state.update(count);
    out.collect(item);
    out.collect({ n: context.getCurrentKey(), path: `input ${input} record ${count}` });
  }
}

class NumberingOne implements KeyedProcessFunction<number, Item, Item> {
  #count!: ValueState<number>;

  open(context: RuntimeContext): void {
    this.#count = context.getState(new ValueStateDescriptor('count', Types.LONG));
  }

  processElement(item: Item, context: KeyedProcessContext<number>, out: Collector<Item>): void {
    const count = (this.#count.value() ?? 0) + 1;
    this.#count.update(count);
    out.collect(item);
    out.collect({ n: context.getCurrentKey(), path: `record ${count}` });
  }
}

async function slowly(item: Item, _: unknown, out: Collector<Item>): Promise<void> {
  if (item.n % SLOW_EVERY === 0) {
    await new Promise((resolve) => setImmediate(resolve));
  }
  out.collect(item);
}

function twoPaths(stream: DataStream<Item>): readonly [DataStream<Item>, DataStream<Item>] {
  const fast = stream.map(({ n, path }) => ({ n, path: `${path}f` })).disableChaining();
  const slow = stream.process(slowly).disableChaining();
  return [fast, slow.map(({ n, path }) => ({ n, path: `${path}s` }))];
}

const PIECES = {
  map: (stream) => stream.map(({ n, path }) => ({ n, path: `${path}m` })),
  rebalance: (stream) => stream.rebalance(),
  shuffle: (stream) => stream.shuffle(),
  global: (stream) => stream.global().map((item) => item),
  slow: (stream) => stream.process(slowly),
  keyed: (stream) => stream.keyBy(keyOf, Types.LONG).process(NumberingOne),
  union: (stream) => {
    const [fast, slow] = twoPaths(stream);
    return fast.union(slow);
  },
  diamond: (stream) => {
    const [fast, slow] = twoPaths(stream);
    return fast.keyBy(keyOf, Types.LONG).connect(slow.keyBy(keyOf, Types.LONG)).process(NumberingBoth);
  },
  side: (stream) => {
    const odd = new OutputTag<Item>('odd');
    const even = stream.process<Item>((item, context, out) => {
      if (item.n % 2 === 0) {
        out.collect(item);
      } else {
        context.output(odd, item);
      }
    });
    return even.map(({ n, path }) => ({ n, path: `${path}e` })).union(even.getSideOutput(odd));
  },
} satisfies Record<string, (stream: DataStream<Item>) => DataStream<Item>>;

type Piece = keyof typeof PIECES;

interface Graph {
  readonly count: number;
  readonly perSecond?: number;
  readonly pieces: readonly { readonly piece: Piece; readonly parallelism: number }[];
  readonly failures?: Failures;
}

/** Lets a job of the pieces run to its end; answers what it puts out. */
async function outcome(env: StreamExecutionEnvironment, graph: Graph): Promise<string[]> {
  const { count, perSecond, pieces, failures = new Failures([]) } = graph;
  let stream: DataStream<Item> = env.fromGenerator((n) => ({ n, path: '' }), {
    count,
    ...(perSecond !== undefined && { recordsPerSecond: perSecond }),
  });
  for (const { piece, parallelism } of pieces) {
    env.setParallelism(parallelism);
    stream = PIECES[piece](stream);
    stream = stream.map((item) => item).setParallelism(parallelism);
  }
  const out = await stream.map((item) => failures.pass(`${item.n} ${item.path}`)).executeAndCollect();
  return out.sort();
}

describe.each(Object.entries(JOB_BACKENDS))('on %s', (backend, create) => {
  const RUNS = backend === 'RocksDB' ? 6 : 12;

  test(`${RUNS} jobs of any shape come to the same with failures as without`, () =>
    withJobs(create, async ({ environment }) => {
      let happened = 0;
      const pieces = fc.array(
        fc.record({
          piece: fc.constantFrom(...(Object.keys(PIECES) as Piece[])),
          parallelism: fc.integer({ min: 1, max: 3 }),
        }),
        { minLength: 1, maxLength: 3 },
      );
      const points = fc.uniqueArray(fc.integer({ min: 50, max: 2500 }), { minLength: 1, maxLength: 3 });
      await fc.assert(
        fc.asyncProperty(pieces, points, fc.integer({ min: 1, max: 3 }), async (pieces, points, parallelism) => {
          const graph = { count: 1000, pieces };
          const expected = await outcome(environment(), graph);
          const failures = new Failures(points);
          const env = environment().setParallelism(parallelism).enableCheckpointing(3);
          env.setRestartStrategy(RestartStrategies.fixedDelayRestart(points.length, 0));
          env.getCheckpointConfig().setTolerableCheckpointFailureNumber(1_000_000);
          expect(await outcome(env, { ...graph, perSecond: 8000, failures })).toEqual(expected);
          happened += failures.happened;
        }),
        { numRuns: RUNS, endOnFailure: true },
      );
      expect(happened).toBeGreaterThan(RUNS / 2);
    }));

  test.each([
    { mode: 'EXACTLY_ONCE', parallelism: 1 },
    { mode: 'EXACTLY_ONCE', parallelism: 3 },
    { mode: 'AT_LEAST_ONCE', parallelism: 3 },
  ] as const)('two paths of unequal speed that meet, $mode, with parallelism $parallelism', ({ mode, parallelism }) =>
    withJobs(create, async ({ environment }) => {
      const pieces = [{ piece: 'diamond', parallelism } as const];
      const expected = await outcome(environment(), { count: 3000, pieces });
      const failures = new Failures([2000, 5000, 9000]);
      const env = environment().setParallelism(parallelism).enableCheckpointing(2);
      env.getCheckpointConfig().setCheckpointingMode(mode);
      env.setRestartStrategy(RestartStrategies.fixedDelayRestart(3, 0));
      const out = await outcome(env, { count: 3000, perSecond: 12_000, pieces, failures });
      expect(failures.happened).toBe(3);
      if (mode === 'EXACTLY_ONCE') {
        expect(out).toEqual(expected);
      } else {
        const found = new Set(out);
        expect(expected.filter((line) => !found.has(line))).toEqual([]);
      }
    }),
  );

  test('an input goes on when a checkpoint is given up whose barrier it was ahead with', () =>
    withJobs(create, async ({ environment }) => {
      const env = environment().enableCheckpointing(5);
      env.getCheckpointConfig().setCheckpointTimeout(50).setTolerableCheckpointFailureNumber(1_000_000);
      const held = new Held();
      const sources = { fast: new PushSource<Item>(), slow: new PushSource<Item>() };
      const none = WatermarkStrategy.noWatermarks<Item>();
      const slow = env.fromSource(sources.slow, none).process<Item>(async (item, __, out) => {
        await held.hold();
        out.collect(item);
      });
      const sink = new CollectSink<Item>();
      const seen: Item[] = [];
      env
        .fromSource(sources.fast, none)
        .keyBy(keyOf, Types.LONG)
        .connect(slow.keyBy(keyOf, Types.LONG))
        .process(NumberingBoth)
        .map((item) => {
          seen.push(item);
          return item;
        })
        .sinkTo(sink);
      const client = await env.executeAsync();
      await untilRunning(client);
      sources.slow.push({ n: 0, path: 'slow' });
      await untilJob(client, () => held.isReached);
      for (let round = 1; round <= 5; round++) {
        const { failed } = client.checkpointStatistics.counts;
        await untilJob(client, () => client.checkpointStatistics.counts.failed > failed);
        sources.fast.push({ n: round, path: 'fast' });
        await untilJob(client, () => seen.length === 2 * round);
      }
      held.release();
      sources.fast.end();
      sources.slow.end();
      await client.result;
      expect(sink.collected).toHaveLength(12);
      expect(sink.collected.filter(({ path }) => path === 'input 1 record 1')).toEqual([
        { n: 0, path: 'input 1 record 1' },
      ]);
    }));
});
