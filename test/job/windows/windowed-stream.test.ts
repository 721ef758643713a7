import { describe, expect, it } from 'vitest';
import type { TypeInformation } from '../../../lib/api/type-information.ts';
import { HashMapStateBackend } from '../../../lib/backend/hash-map-state-backend.ts';
import type { TimeWindow } from '../../../lib/bytes/time-window.ts';
import { Types } from '../../../lib/bytes/types.ts';
import { OutputTag } from '../../../lib/job/operators/output.ts';
import type {
  OneInputOperator,
  OperatorFactory,
  StreamOperator,
  TwoInputOperator,
} from '../../../lib/job/operators/stream-operator.ts';
import { TumblingEventTimeWindows } from '../../../lib/job/windows/assigners/tumbling-event-time-windows.ts';
import { CountEvictor } from '../../../lib/job/windows/evictors/count-evictor.ts';
import { CoGroupedStreams, JoinedStreams, type KeyStreams } from '../../../lib/job/windows/joined-streams.ts';
import { ContinuousEventTimeTrigger } from '../../../lib/job/windows/triggers/continuous-event-time-trigger.ts';
import { WindowedStream } from '../../../lib/job/windows/windowed-stream.ts';
import { immutableSum, type Sum } from '../../support/functions.ts';
import {
  KeyedOperatorHarness,
  processElement,
  processElement1,
  processElement2,
} from '../../support/keyed-operator-harness.ts';
import { withBackend } from '../../support/with-backend.ts';

interface Bid {
  readonly by: string;
  readonly price: number;
}

const bidType = Types.JSON<Bid>();
const BIDS: readonly Bid[] = [
  { by: 'x', price: 5 },
  { by: 'y', price: 2 },
  { by: 'z', price: 9 },
];

interface Attached<O extends StreamOperator> {
  readonly name: string;
  readonly operator: OperatorFactory<O, unknown>;
  readonly resultType: TypeInformation<unknown> | undefined;
}

/** A stream in windows, and what it attaches. */
function windowed<T>(elementType: TypeInformation<T>) {
  const attached: Attached<OneInputOperator<T>>[] = [];
  const stream = new WindowedStream<T, string, TimeWindow>(TumblingEventTimeWindows.of('10 ms'), {
    elementType,
    defaultType: Types.STRUCTURED(),
    attach: (name, operator, resultType) => {
      attached.push({ name, operator, resultType: resultType as TypeInformation<unknown> | undefined });
      return {} as never;
    },
  });
  return { stream, attached };
}

type Describe<T> = (stream: WindowedStream<T, string, TimeWindow>) => unknown;

/** What a described window of elements of one key puts out. */
async function resultsOf<T>(type: TypeInformation<T>, elements: readonly T[], describeStream: Describe<T>) {
  const { stream, attached } = windowed(type);
  describeStream(stream);
  const [{ operator }] = attached as [Attached<OneInputOperator<T>>];
  const results: unknown[] = [];
  await withBackend(
    () => new HashMapStateBackend(),
    async (bench) => {
      const harness = await KeyedOperatorHarness.open({ bench, keyType: Types.STRING, operator });
      for (const element of elements) {
        await processElement(harness, 'a', element, 1);
      }
      await harness.watermark(9);
      results.push(...harness.takeValues());
    },
  );
  return results;
}

describe('a windowed stream', () => {
  it.each<[string, Describe<Bid>, unknown[]]>([
    ['sum', (stream) => stream.sum('price'), [{ by: 'x', price: 16 }]],
    ['min', (stream) => stream.min('price'), [{ by: 'x', price: 2 }]],
    ['max', (stream) => stream.max('price'), [{ by: 'x', price: 9 }]],
    ['minBy', (stream) => stream.minBy('price'), [{ by: 'y', price: 2 }]],
    ['maxBy', (stream) => stream.maxBy('price'), [{ by: 'z', price: 9 }]],
    [
      'reduce',
      (stream) => stream.reduce((first, second) => ({ by: first.by + second.by, price: 0 })),
      [{ by: 'xyz', price: 0 }],
    ],
    [
      'reduce with a function',
      (stream) =>
        stream.reduce(
          (first, second) => (first.price < second.price ? second : first),
          (key, { window }, [best], out) => out.collect(`${key} ${window.end} ${best?.by}`),
        ),
      ['a 10 z'],
    ],
    [
      'process',
      (stream) => stream.process((key, _context, bids, out) => out.collect(`${key} ${bids.length}`)),
      ['a 3'],
    ],
    [
      'apply',
      (stream) => stream.apply((key, window, bids, out) => out.collect(`${key} ${window.start} ${bids.length}`)),
      ['a 0 3'],
    ],
    [
      'apply, with an object',
      (stream) => stream.apply({ apply: (_key, _window, bids, out) => out.collect(bids[0]?.by) }),
      ['x'],
    ],
    [
      'process, with an evictor',
      (stream) => stream.evictor(CountEvictor.of(1)).process((_key, _context, bids, out) => out.collect(bids)),
      [[BIDS[2]]],
    ],
  ])('makes a result with %s', async (_what, describeStream, expected) => {
    expect(await resultsOf(bidType, BIDS, describeStream)).toEqual(expected);
  });

  it('sums places of tuples as well', async () => {
    const pairs: [string, number][] = [
      ['x', 1],
      ['y', 2],
    ];
    expect(await resultsOf(Types.TUPLE(Types.STRING, Types.LONG), pairs, (stream) => stream.sum(1))).toEqual([
      ['x', 3],
    ]);
  });

  it.each<[string, Describe<number>, unknown[]]>([
    ['alone', (stream) => stream.aggregate(immutableSum), [6]],
    ['with types', (stream) => stream.aggregate(immutableSum, { accumulatorType: Types.JSON<Sum>() }), [6]],
    [
      'with a function',
      (stream) => stream.aggregate(immutableSum, (key, _context, [total], out) => out.collect(`${key} ${total}`)),
      ['a 6'],
    ],
    [
      'with an object and types',
      (stream) =>
        stream.aggregate(
          immutableSum,
          { process: (_key, { window }, [total], out) => out.collect(window.start + (total ?? 0)) },
          { accumulatorType: Types.JSON<Sum>(), resultType: Types.LONG },
        ),
      [6],
    ],
    ['and an evictor', (stream) => stream.evictor(CountEvictor.of(2)).aggregate(immutableSum), [5]],
  ])('aggregates, %s', async (_what, describeStream, expected) => {
    expect(await resultsOf(Types.LONG, [1, 2, 3], describeStream)).toEqual(expected);
  });

  it('names its operator, and says what it puts out', () => {
    const { stream, attached } = windowed(Types.LONG);
    stream.reduce((first, second) => first + second);
    stream.trigger(ContinuousEventTimeTrigger.of(5)).evictor(CountEvictor.of(2));
    stream.process((_key, _context, _elements, out) => out.collect('x'), Types.STRING);
    stream.apply(() => {});
    expect(attached.map(({ name, resultType }) => [name, resultType])).toEqual([
      ['Window(TumblingEventTimeWindows(10), EventTimeTrigger())', Types.LONG],
      ['Window(TumblingEventTimeWindows(10), ContinuousEventTimeTrigger(5), CountEvictor(2))', Types.STRING],
      ['Window(TumblingEventTimeWindows(10), ContinuousEventTimeTrigger(5), CountEvictor(2))', undefined],
    ]);
  });

  it('takes late elements as long as allowed, and puts later ones out beside', () =>
    withBackend(
      () => new HashMapStateBackend(),
      async (bench) => {
        const late = new OutputTag<number>('late');
        const { stream, attached } = windowed(Types.LONG);
        stream.allowedLateness('5 ms').sideOutputLateData(late).aggregate(immutableSum);
        const [{ operator }] = attached as [Attached<OneInputOperator<number>>];
        const harness = await KeyedOperatorHarness.open({ bench, keyType: Types.STRING, operator });
        await harness.watermark(13);
        await processElement(harness, 'a', 1, 3);
        await harness.watermark(14);
        await processElement(harness, 'a', 2, 4);
        expect(harness.takeValues()).toEqual([1]);
        expect(harness.sideOutput(late)).toEqual([[2, 4]]);
      },
    ));

  it.each([-1, '-1 s'])('does not allow a lateness of %s', (lateness) => {
    expect(() => windowed(Types.LONG).stream.allowedLateness(lateness)).toThrow(
      expect.objectContaining({ code: 'ERR_INVALID_LATENESS' }),
    );
  });

  it('refuses what is no function', () => {
    const { stream } = windowed(Types.LONG);
    const invalid = expect.objectContaining({ code: 'ERR_INVALID_FUNCTION' });
    expect(() => stream.process('x' as never)).toThrow(invalid);
    expect(() => stream.apply({} as never)).toThrow(invalid);
    expect(() => stream.aggregate(immutableSum, { process: 1 } as never)).toThrow(invalid);
  });
});

describe('two streams', () => {
  const bySign = (value: number) => (value < 0 ? 'negative' : 'positive');
  const attached: Attached<TwoInputOperator<string, number>>[] = [];
  const keys: unknown[] = [];
  const keyStreams: KeyStreams<string, number> = (first, second, keyType) => {
    keys.push([first('-'), second(1), keyType]);
    return {
      firstType: Types.STRING,
      secondType: Types.LONG,
      attach: (name, operator, resultType) => {
        attached.push({ name, operator, resultType: resultType as TypeInformation<unknown> | undefined });
        return {} as never;
      },
    };
  };
  const windows = TumblingEventTimeWindows.of(10);
  const byText = (text: string) => (text === '-' ? 'negative' : 'positive');

  it.each<[string, () => unknown, string, unknown[]]>([
    [
      'joined',
      () =>
        new JoinedStreams(keyStreams)
          .where(byText, Types.STRING)
          .equalTo(bySign)
          .window(windows)
          .allowedLateness(5)
          .apply((first, second) => `${first}${second}`),
      'Join(TumblingEventTimeWindows(10), EventTimeTrigger())',
      ['-1', '-2'],
    ],
    [
      'grouped',
      () =>
        new CoGroupedStreams(keyStreams)
          .where(byText, Types.STRING)
          .equalTo(bySign)
          .window(windows)
          .apply((first, second, out) => out.collect(`${first} and ${second}`), Types.STRING),
      'CoGroup(TumblingEventTimeWindows(10), EventTimeTrigger())',
      ['- and 1,2'],
    ],
  ])('are %s by key and window', (_what, describeStreams, name, expected) =>
    withBackend(
      () => new HashMapStateBackend(),
      async (bench) => {
        attached.length = 0;
        describeStreams();
        expect(keys.at(-1)).toEqual(['negative', 'positive', Types.STRING]);
        expect(attached.map((each) => each.name)).toEqual([name]);
        const [{ operator }] = attached as [Attached<TwoInputOperator<string, number>>];
        const harness = await KeyedOperatorHarness.open({ bench, keyType: Types.STRING, operator });
        await processElement1(harness, 'k', '-', 1);
        await processElement2(harness, 'k', 1, 2);
        await processElement2(harness, 'k', 2, 3);
        await harness.watermark(9);
        expect(harness.takeValues()).toEqual(expected);
      },
    ),
  );
});
