// Windows in event time beside an oracle, on random streams whose elements are out of order.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RestoreSource } from '../../../lib/api/checkpoint.ts';
import type { AggregateFunction } from '../../../lib/api/functions.ts';
import type { TimeWindow } from '../../../lib/bytes/time-window.ts';
import { Types } from '../../../lib/bytes/types.ts';
import type { ProcessWindowFunction } from '../../../lib/job/functions/window-functions.ts';
import { OutputTag } from '../../../lib/job/operators/output.ts';
import type { OneInputOperator, OperatorFactory } from '../../../lib/job/operators/stream-operator.ts';
import { EventTimeSessionWindows } from '../../../lib/job/windows/assigners/event-time-session-windows.ts';
import { SlidingEventTimeWindows } from '../../../lib/job/windows/assigners/sliding-event-time-windows.ts';
import { CountEvictor } from '../../../lib/job/windows/evictors/count-evictor.ts';
import {
  aggregatedContents,
  elementContents,
  reducedContents,
  type WindowContents,
} from '../../../lib/job/windows/window-contents.ts';
import { windowOperator } from '../../../lib/job/windows/window-operator.ts';
import { sum } from '../../support/functions.ts';
import { KeyedOperatorHarness, processElement } from '../../support/keyed-operator-harness.ts';
import { type Fired, type OracleElement, type OracleWindows, WindowOracle } from '../../support/window-oracle.ts';
import { type Bench, PLAIN_BACKENDS, withBackend } from '../../support/with-backend.ts';

type Step = OracleElement | { readonly advance: number } | 'restore';
type Put = readonly [key: string, start: number, end: number, result: unknown];

/** What is made of windows: the contents, and what those come to, made of all values. */
interface Making {
  readonly contents: WindowContents<number, unknown>;
  readonly of: (values: readonly number[]) => unknown;
  readonly keepsAll?: boolean;
}

const average: AggregateFunction<number, [number, number], number> = {
  createAccumulator: () => [0, 0],
  add: (value, [total, count]) => [total + value, count + 1],
  getResult: ([total, count]) => total / count,
  merge: ([total, count], [otherTotal, otherCount]) => [total + otherTotal, count + otherCount],
};

const total = (values: readonly number[]) => values.reduce(sum);

const MAKINGS: Readonly<Record<string, Making>> = {
  reduce: { contents: reducedContents(sum, Types.LONG), of: (values) => [total(values)] },
  aggregate: {
    contents: aggregatedContents(average, Types.TUPLE(Types.LONG, Types.LONG), Types.LONG),
    of: (values) => [total(values) / values.length],
  },
  process: { contents: elementContents(Types.LONG), of: (values) => values },
};

const print: ProcessWindowFunction<unknown, Put, string, TimeWindow> = {
  process(key, { window }, elements, out) {
    const result = [...elements].sort((first, second) => (first as number) - (second as number));
    out.collect([key, window.start, window.end, result]);
  },
};

const LATE = new OutputTag<number>('late');

const windows: fc.Arbitrary<OracleWindows> = fc.oneof(
  fc
    .record({
      size: fc.integer({ min: 1, max: 12 }),
      slide: fc.integer({ min: 1, max: 12 }),
      shift: fc.integer({ min: -11, max: 11 }),
    })
    .map(({ size, slide, shift }) => ({ kind: 'sliding' as const, size, slide, offset: shift % slide })),
  fc.integer({ min: 1, max: 12 }).map((size) => ({ kind: 'sliding' as const, size, slide: size, offset: 0 })),
  fc.integer({ min: 1, max: 8 }).map((gap) => ({ kind: 'session' as const, gap })),
);

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      key: fc.constantFrom('a', 'b'),
      value: fc.integer({ min: -100, max: 100 }),
      timestamp: fc.integer({ min: -20, max: 60 }),
    }),
  },
  { weight: 4, arbitrary: fc.record({ advance: fc.integer({ min: 0, max: 15 }) }) },
  { weight: 1, arbitrary: fc.constant('restore' as const) },
);

const scenario = fc.record({
  windows,
  lateness: fc.integer({ min: 0, max: 10 }),
  making: fc.constantFrom(...Object.keys(MAKINGS)),
  isEvicted: fc.boolean(),
  steps: fc.array(step, { minLength: 5, maxLength: 60 }),
});

type Scenario = typeof scenario extends fc.Arbitrary<infer S> ? S : never;

function operatorOf({
  windows,
  lateness,
  making,
  isEvicted,
}: Scenario): OperatorFactory<OneInputOperator<number>, Put> {
  return windowOperator<number, unknown, Put, string, TimeWindow>({
    assigner:
      windows.kind === 'session'
        ? EventTimeSessionWindows.withGap(windows.gap)
        : SlidingEventTimeWindows.of(windows.size, windows.slide, windows.offset),
    allowedLateness: lateness,
    lateDataTag: LATE,
    contents: (MAKINGS[making] as Making).contents,
    function: print,
    // One that drops nothing: the elements are kept, and what they come to is made when the window fires.
    evictor: isEvicted ? CountEvictor.of(1_000_000) : undefined,
  });
}

const sortedFired = (fired: readonly (Fired | Put)[]) => fired.map((each) => JSON.stringify(each)).sort();

async function play(bench: Bench, played: Scenario): Promise<void> {
  const oracle = new WindowOracle(played.windows, played.lateness);
  const open = (restore?: RestoreSource) =>
    KeyedOperatorHarness.open({
      ...{ bench, keyType: Types.STRING, operator: operatorOf(played) },
      ...(restore !== undefined && { restore }),
    });
  let harness = await open();
  const late: unknown[] = [];
  let watermark = -20;
  let checkpointId = 0;
  const check = () => {
    const fired = oracle
      .take()
      .map(([key, start, end, values]) => [key, start, end, (MAKINGS[played.making] as Making).of(values)] as const);
    const records = harness.takeRecords();
    expect(sortedFired(records.map(([put]) => put))).toEqual(sortedFired(fired));
    expect(records.every(([[, , end], timestamp]) => timestamp === end - 1)).toBe(true);
  };
  for (const each of played.steps) {
    if (each === 'restore') {
      const handle = await harness.snapshot(++checkpointId);
      late.push(...harness.sideOutput(LATE));
      await harness.close();
      harness = await open({ storage: bench.storage, handle });
      oracle.restore();
    } else if ('advance' in each) {
      watermark += each.advance;
      await harness.watermark(watermark);
      oracle.watermark(watermark);
    } else {
      await processElement(harness, each.key, each.value, each.timestamp);
      oracle.element(each);
    }
    check();
  }
  await harness.watermark(Number.POSITIVE_INFINITY);
  oracle.watermark(Number.POSITIVE_INFINITY);
  check();
  late.push(...harness.sideOutput(LATE));
  expect(late).toEqual(oracle.late.map(({ value, timestamp }) => [value, timestamp]));
  expect(await harness.leftovers()).toEqual({ rows: 0, timers: 0 });
  await harness.close();
}

const RUNS: Readonly<Record<string, number>> = { RocksDB: 30, HashMap: 100 };

describe.each(Object.entries(PLAIN_BACKENDS))('windows of event time on %s', (name, create) => {
  it('put out what an oracle does, also when restored between, and leave nothing behind', { timeout: 60_000 }, () =>
    fc.assert(
      fc.asyncProperty(scenario, (played) => withBackend(create, (bench) => play(bench, played))),
      { numRuns: RUNS[name] as number },
    ),
  );
});
