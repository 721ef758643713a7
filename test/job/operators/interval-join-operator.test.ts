import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RestoreSource } from '../../../lib/api/checkpoint.ts';
import { MapStateDescriptor } from '../../../lib/api/descriptors.ts';
import { DataOutput } from '../../../lib/bytes/data-output.ts';
import { Types } from '../../../lib/bytes/types.ts';
import { bufferEntryType } from '../../../lib/job/operators/buffer-entry-type.ts';
import { type IntervalJoinOptions, intervalJoinOperator } from '../../../lib/job/operators/interval-join-operator.ts';
import { OutputTag } from '../../../lib/job/operators/output.ts';
import { KeyedOperatorHarness, processElement1, processElement2 } from '../../support/keyed-operator-harness.ts';
import { type Bench, PLAIN_BACKENDS, withBackend } from '../../support/with-backend.ts';

const LEFT_LATE = new OutputTag<string>('left');
const RIGHT_LATE = new OutputTag<number>('right');

const join = {
  ...{ leftType: Types.STRING, rightType: Types.LONG, leftLateTag: LEFT_LATE, rightLateTag: RIGHT_LATE },
  function: (left, right, { leftTimestamp, rightTimestamp }, out) =>
    out.collect(`${left}@${leftTimestamp} ${right}@${rightTimestamp}`),
} satisfies Omit<IntervalJoinOptions<string, number, string>, 'lowerBound' | 'upperBound'>;

interface Element {
  readonly side: 'left' | 'right';
  readonly key: string;
  readonly timestamp: number;
}

type Step = Element | { readonly advance: number } | 'restore';

interface Scenario {
  readonly lower: number;
  readonly length: number;
  readonly lowerBoundExclusive: boolean;
  readonly upperBoundExclusive: boolean;
  readonly steps: readonly Step[];
}

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 10,
    arbitrary: fc.record({
      side: fc.constantFrom('left' as const, 'right' as const),
      key: fc.constantFrom('a', 'b'),
      timestamp: fc.integer({ min: -10, max: 40 }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ advance: fc.integer({ min: 0, max: 10 }) }) },
  { weight: 1, arbitrary: fc.constant('restore' as const) },
);

const scenario: fc.Arbitrary<Scenario> = fc.record({
  lower: fc.integer({ min: -10, max: 10 }),
  length: fc.integer({ min: 0, max: 12 }),
  lowerBoundExclusive: fc.boolean(),
  upperBoundExclusive: fc.boolean(),
  steps: fc.array(step, { minLength: 5, maxLength: 50 }),
});

async function play(bench: Bench, { lower, length, steps, ...exclusive }: Scenario): Promise<void> {
  const upper = lower + length;
  const operator = intervalJoinOperator({ ...join, ...exclusive, lowerBound: lower, upperBound: upper });
  const open = (restore?: RestoreSource) =>
    KeyedOperatorHarness.open({ bench, keyType: Types.STRING, operator, ...(restore !== undefined && { restore }) });
  const isPair = (left: number, right: number) =>
    (exclusive.lowerBoundExclusive ? right - left > lower : right - left >= lower) &&
    (exclusive.upperBoundExclusive ? right - left < upper : right - left <= upper);
  let harness = await open();
  const seen: Element[] = [];
  let watermark = Number.NEGATIVE_INFINITY;
  let restores = 0;
  for (const each of steps) {
    if (each === 'restore') {
      // Event time is kept, so that what is removed by then is no pair in the oracle either.
      const handle = await harness.snapshot(++restores);
      await harness.close();
      harness = await open({ storage: bench.storage, handle });
      await harness.watermark(watermark);
      continue;
    }
    if ('advance' in each) {
      watermark = Math.max(watermark, -10) + each.advance;
      await harness.watermark(watermark);
      continue;
    }
    const { side, key, timestamp } = each;
    const index = seen.length;
    await (side === 'left'
      ? processElement1(harness, key, `${index}`, timestamp)
      : processElement2(harness, key, index, timestamp));
    const isLate = timestamp < watermark;
    // Whether one is a partner is known from the times alone: what is removed can have no partner that is in time.
    const expected = seen.flatMap((other, place) => {
      const [left, right] = side === 'left' ? [index, place] : [place, index];
      const [leftTime, rightTime] = side === 'left' ? [timestamp, other.timestamp] : [other.timestamp, timestamp];
      const joins = !isLate && other.key === key && other.side !== side && isPair(leftTime, rightTime);
      return joins ? [[`${left}@${leftTime} ${right}@${rightTime}`, Math.max(leftTime, rightTime)]] : [];
    });
    expect(harness.takeRecords().toSorted()).toEqual(expected.toSorted());
    // What is late waits for nobody.
    seen.push(isLate ? { ...each, key: 'late' } : each);
  }
  await harness.watermark(Number.POSITIVE_INFINITY);
  expect(await harness.leftovers()).toEqual({ rows: 0, timers: 0 });
  await harness.close();
}

const RUNS: Readonly<Record<string, number>> = { RocksDB: 30, HashMap: 100 };

describe.each(Object.entries(PLAIN_BACKENDS))('an interval join on %s', (name, create) => {
  it('finds the pairs that an oracle does, also restored, and leaves nothing behind', { timeout: 60_000 }, () =>
    fc.assert(
      fc.asyncProperty(scenario, (played) => withBackend(create, (bench) => play(bench, played))),
      { numRuns: RUNS[name] as number },
    ),
  );

  it('puts late elements out beside the pairs', () =>
    withBackend(create, async (bench) => {
      const operator = intervalJoinOperator({ ...join, lowerBound: '-1 s', upperBound: '1 s' });
      const harness = await KeyedOperatorHarness.open({ bench, keyType: Types.STRING, operator });
      await harness.watermark(100);
      await processElement1(harness, 'a', 'late', 99);
      await processElement2(harness, 'a', 1, 98);
      await processElement2(harness, 'a', 2, 100);
      await processElement1(harness, 'a', 'in time', 100);
      expect(harness.takeRecords()).toEqual([['in time@100 2@100', 100]]);
      expect(harness.sideOutput(LEFT_LATE)).toEqual([['late', 99]]);
      expect(harness.sideOutput(RIGHT_LATE)).toEqual([[1, 98]]);
    }));

  it('keeps elements no longer than they can find others', () =>
    withBackend(create, async (bench) => {
      const operator = intervalJoinOperator({ ...join, lowerBound: -5, upperBound: 10 });
      const harness = await KeyedOperatorHarness.open({ bench, keyType: Types.STRING, operator });
      await processElement1(harness, 'a', 'x', 100);
      await processElement2(harness, 'a', 1, 50);
      await harness.watermark(54);
      expect((await harness.leftovers()).rows).toBe(2);
      await harness.watermark(55);
      expect((await harness.leftovers()).rows).toBe(1);
      await harness.watermark(109);
      expect((await harness.leftovers()).rows).toBe(1);
      await harness.watermark(110);
      expect((await harness.leftovers()).rows).toBe(0);
    }));

  it('keeps elements where, and as, Flink does', () =>
    withBackend(create, async (bench) => {
      const operator = intervalJoinOperator({ ...join, lowerBound: 0, upperBound: 10 });
      const harness = await KeyedOperatorHarness.open({ bench, keyType: Types.STRING, operator });
      await processElement1(harness, 'a', 'x', 100);
      await processElement1(harness, 'a', 'y', 100);
      const entries = Types.LIST(bufferEntryType(Types.STRING));
      const buffer = harness.keyed.getMapState(new MapStateDescriptor('LEFT_BUFFER', Types.LONG, entries));
      expect(buffer.get(100)).toEqual(['x', 'y']);
      expect(entries.serializer.id).toBe(
        'org.apache.flink.api.common.typeutils.base.ListSerializer[org.apache.flink.streaming.api.operators.co.IntervalJoinOperator[org.apache.flink.api.common.typeutils.base.StringSerializer]]',
      );
    }));

  it('needs timestamps', () =>
    withBackend(create, async (bench) => {
      const operator = intervalJoinOperator({ ...join, lowerBound: 0, upperBound: 10 });
      const harness = await KeyedOperatorHarness.open({ bench, keyType: Types.STRING, operator });
      await expect(processElement1(harness, 'a', 'x')).rejects.toThrow(
        expect.objectContaining({ code: 'ERR_MISSING_TIMESTAMP' }),
      );
    }));
});

describe('an interval join', () => {
  it('refuses a lower bound above the upper one, and what is no bound', () => {
    expect(() => intervalJoinOperator({ ...join, lowerBound: 2, upperBound: 1 })).toThrow(
      expect.objectContaining({ code: 'ERR_INVALID_INTERVAL' }),
    );
    expect(() => intervalJoinOperator({ ...join, lowerBound: 'soon', upperBound: 1 })).toThrow(
      'The lower bound of an interval join must be whole milliseconds',
    );
  });

  it('writes a waiting element behind a byte that is 0', () => {
    const output = new DataOutput();
    bufferEntryType(Types.INT).serializer.serialize(7, output);
    expect([...output.copy()]).toEqual([0, 0, 0, 0, 7]);
  });
});
