// What each operator of a stream does with records, at several parallelisms, with and without chains.
import { describe, expect, test } from 'vitest';
import { Types } from '../../lib/bytes/types.ts';
import { OutputTag } from '../../lib/job/operators/output.ts';
import { StreamExecutionEnvironment } from '../../lib/job/stream-execution-environment.ts';
import { WatermarkStrategy } from '../../lib/job/watermarks/watermark-strategy.ts';

const SHAPES = [
  { parallelism: 1, chains: true },
  { parallelism: 1, chains: false },
  { parallelism: 3, chains: true },
  { parallelism: 3, chains: false },
];

function environment({ parallelism, chains }: (typeof SHAPES)[number]): StreamExecutionEnvironment {
  const env = StreamExecutionEnvironment.getExecutionEnvironment({ 'pipeline.operator-chaining.enabled': chains });
  return env.setParallelism(parallelism);
}

function sorted(values: readonly number[]): number[] {
  return values.toSorted((a, b) => a - b);
}

const NUMBERS = Array.from({ length: 1000 }, (_, index) => index);

describe.each(SHAPES)('with parallelism $parallelism, chains: $chains', (shape) => {
  test('map, filter and flatMap make records of records', async () => {
    const out = await environment(shape)
      .fromSequence(0, 999)
      .map((n) => n * 2)
      .filter((n) => n % 4 === 0)
      .flatMap<number>((n, out) => {
        out.collect(n);
        out.collect(n + 1);
      })
      .executeAndCollect();
    expect(sorted(out)).toEqual(NUMBERS.filter((n) => n % 2 === 0).flatMap((n) => [2 * n, 2 * n + 1]));
  });

  test('functions may answer promises, and records keep their order', async () => {
    const seen: number[] = [];
    const out = await environment({ ...shape, parallelism: 1 })
      .fromSequence(0, 99)
      .flatMap<number>(async (n, out) => {
        await Promise.resolve();
        out.collect(n);
        await Promise.resolve();
        out.collect(n + 0.5);
      })
      .process<number>(async (n, _, out) => {
        await new Promise((resolve) => setImmediate(resolve));
        seen.push(n);
        out.collect(n);
      })
      .executeAndCollect();
    expect(seen).toEqual(NUMBERS.slice(0, 100).flatMap((n) => [n, n + 0.5]));
    expect(out).toEqual(seen);
  });

  test('union has the records of all streams', async () => {
    const env = environment(shape);
    const evens = env.fromSequence(0, 499).map((n) => 2 * n);
    const odds = env.fromSequence(0, 499).map((n) => 2 * n + 1);
    expect(sorted(await evens.union(odds).executeAndCollect())).toEqual(NUMBERS);
  });

  test('side outputs have what is put out under their tag', async () => {
    const big = new OutputTag<number>('big');
    const env = environment(shape);
    const all = env.fromSequence(0, 999).process<number>((n, context, out) => {
      if (n >= 500) {
        context.output(big, n);
      } else {
        out.collect(n);
      }
    });
    const out = await all
      .map((n) => -n)
      .union(all.getSideOutput(big))
      .executeAndCollect();
    expect(sorted(out)).toEqual(sorted([...NUMBERS.slice(0, 500).map((n) => -n), ...NUMBERS.slice(500)]));
  });

  test('connected streams meet in a function', async () => {
    const env = environment(shape);
    const out = await env
      .fromSequence(0, 99)
      .connect(env.fromElements('a', 'b'))
      .map<string>({ map1: (n) => `n${n}`, map2: (text) => text.toUpperCase() })
      .executeAndCollect();
    expect(out.toSorted()).toEqual(['A', 'B', ...NUMBERS.slice(0, 100).map((n) => `n${n}`)].toSorted());
  });

  test('reduce puts out what the records of each key come to', async () => {
    const out = await environment(shape)
      .fromSequence(1, 100)
      .map((n) => ({ key: n % 3, sum: n }))
      .keyBy((each) => each.key, Types.LONG)
      .reduce((a, b) => ({ key: a.key, sum: a.sum + b.sum }))
      .executeAndCollect();
    expect(out).toHaveLength(100);
    const last = new Map<number, number>();
    for (const { key, sum } of out) {
      last.set(key, Math.max(sum, last.get(key) ?? 0));
    }
    expect([...last].toSorted()).toEqual([
      [0, 1683],
      [1, 1717],
      [2, 1650],
    ]);
  });

  test('broadcast gives each record to every subtask, global to the first', async () => {
    const subtasks = async (spread: 'broadcast' | 'global') => {
      class Where {
        index = -1;
        open(context: { readonly indexOfThisSubtask: number }) {
          this.index = context.indexOfThisSubtask;
        }
        map(): number {
          return this.index;
        }
      }
      return environment(shape).fromElements(1, 2)[spread]().map(Where).executeAndCollect();
    };
    const indices = Array.from({ length: shape.parallelism }, (_, index) => index);
    expect(sorted(await subtasks('broadcast'))).toEqual(indices.flatMap((index) => [index, index]));
    expect(await subtasks('global')).toEqual([0, 0]);
  });

  test('watermarks come behind the records, and at the end the last one', async () => {
    const late: number[] = [];
    const fired: number[] = [];
    await environment(shape)
      .fromSequence(0, 999)
      .assignTimestampsAndWatermarks(
        WatermarkStrategy.forGenerator<number>(() => ({
          onEvent: (_, timestamp, output) => output.emitWatermark(timestamp - 1),
          onPeriodicEmit() {},
        })).withTimestampAssigner((n) => n),
      )
      .keyBy((n) => n % 7, Types.LONG)
      .process<number>({
        processElement(n, { timestamp, timerService }) {
          if (timestamp !== n || timerService.currentWatermark >= timestamp) {
            late.push(n);
          }
          timerService.registerEventTimeTimer(timestamp + 10);
        },
        onTimer(timestamp, { timerService }) {
          fired.push(timestamp);
          if (timerService.currentWatermark < timestamp) {
            late.push(timestamp);
          }
        },
      })
      .executeAndCollect();
    expect(late).toEqual([]);
    expect(sorted(fired)).toEqual(NUMBERS.map((n) => n + 10));
  });
});

describe('a program that makes no sense', () => {
  const env = StreamExecutionEnvironment.getExecutionEnvironment();

  test.each([
    ['without operators', () => env.execute('nothing'), /Job 'nothing' has no operators/],
    [
      'with a key of no type',
      () => env.fromElements(1).keyBy((n) => n, undefined as never),
      /needs the type of the keys/,
    ],
    [
      'with a key that is no function',
      () => env.fromElements(1).keyBy('n' as never, Types.LONG),
      /function from records/,
    ],
    ['with a parallelism of 0', () => env.setParallelism(0), /parallelism must be an integer from 1/],
    ['with a map of no function', () => env.fromElements(1).map({} as never), /a method 'map'/],
  ])('is refused: %s', async (_, define, message) => {
    await expect(async () => define()).rejects.toThrow(message);
  });

  test('is refused: with one uid for two operators', async () => {
    const twice = StreamExecutionEnvironment.getExecutionEnvironment();
    twice
      .fromElements(1)
      .uid('a')
      .map((n) => n)
      .uid('a')
      .print();
    await expect(twice.execute()).rejects.toThrow(/uid 'a' is given to several operators/);
  });

  test('is refused: with one object with a beginning of its own for several subtasks', async () => {
    const shared = StreamExecutionEnvironment.getExecutionEnvironment().setParallelism(2);
    const rich = { open() {}, map: (n: number) => n };
    shared.fromSequence(0, 9).map(rich).print();
    await expect(shared.execute()).rejects.toThrow(/'Map' is one object .* give its class/);
    await expect(shared.setParallelism(1).fromElements(1).map(rich).executeAndCollect()).rejects.toThrow(/one object/);
    const alone = StreamExecutionEnvironment.getExecutionEnvironment();
    expect(await alone.fromElements(1).map(rich).executeAndCollect()).toEqual([1]);
    expect(
      await alone
        .fromElements(2)
        .map({ ...rich })
        .executeAndCollect(),
    ).toEqual([2]);
  });

  test('is refused: with state where nothing is keyed', async () => {
    const unkeyed = StreamExecutionEnvironment.getExecutionEnvironment();
    const { ValueStateDescriptor } = await import('../../lib/api/descriptors.ts');
    unkeyed
      .fromElements(1)
      .map({
        open: (context: { getState(descriptor: unknown): unknown }) => {
          context.getState(new ValueStateDescriptor('count', Types.LONG));
        },
        map: (n: number) => n,
      } as never)
      .print();
    await expect(unkeyed.execute()).rejects.toThrow(/call keyBy before it/);
  });
});
