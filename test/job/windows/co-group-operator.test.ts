import { describe, expect, it } from 'vitest';
import { ListStateDescriptor } from '../../../lib/api/descriptors.ts';
import { DataInput } from '../../../lib/bytes/data-input.ts';
import { DataOutput } from '../../../lib/bytes/data-output.ts';
import { Types } from '../../../lib/bytes/types.ts';
import { EventTimeSessionWindows } from '../../../lib/job/windows/assigners/event-time-session-windows.ts';
import { TumblingEventTimeWindows } from '../../../lib/job/windows/assigners/tumbling-event-time-windows.ts';
import { coGroupOperator, windowJoinOperator } from '../../../lib/job/windows/co-group-operator.ts';
import { taggedUnionType } from '../../../lib/job/windows/tagged-union.ts';
import { KeyedOperatorHarness, processElement1, processElement2 } from '../../support/keyed-operator-harness.ts';
import { PLAIN_BACKENDS, withBackend } from '../../support/with-backend.ts';

const types = { firstType: Types.STRING, secondType: Types.LONG };

describe.each(Object.entries(PLAIN_BACKENDS))('two streams in windows on %s', (_name, create) => {
  it('are joined to pairs of one key and window', () =>
    withBackend(create, async (bench) => {
      const operator = windowJoinOperator(
        { ...types, assigner: TumblingEventTimeWindows.of(10) },
        (first: string, second: number) => `${first}${second}`,
      );
      const harness = await KeyedOperatorHarness.open({ bench, keyType: Types.STRING, operator });
      await processElement1(harness, 'a', 'x', 1);
      await processElement2(harness, 'a', 1, 2);
      await processElement2(harness, 'a', 2, 9);
      await processElement2(harness, 'a', 3, 10);
      await processElement2(harness, 'b', 4, 1);
      await processElement1(harness, 'a', 'y', 3);
      await harness.watermark(9);
      expect(harness.takeRecords()).toEqual([
        ['x1', 9],
        ['x2', 9],
        ['y1', 9],
        ['y2', 9],
      ]);
      await harness.watermark(Number.POSITIVE_INFINITY);
      expect(harness.takeRecords()).toEqual([]);
      expect(await harness.leftovers()).toEqual({ rows: 0, timers: 0 });
    }));

  it('are grouped, also where one of them has nothing', () =>
    withBackend(create, async (bench) => {
      const calls: string[] = [];
      const operator = coGroupOperator(
        { ...types, assigner: EventTimeSessionWindows.withGap(10) },
        {
          open: () => {
            calls.push('open');
          },
          coGroup: (first: readonly string[], second: readonly number[], out) => out.collect([first, second] as const),
          close: () => {
            calls.push('close');
          },
        },
      );
      const harness = await KeyedOperatorHarness.open({ bench, keyType: Types.STRING, operator });
      await processElement1(harness, 'a', 'x', 1);
      await processElement2(harness, 'a', 1, 8);
      await processElement2(harness, 'a', 2, 50);
      await harness.watermark(Number.POSITIVE_INFINITY);
      expect(harness.takeRecords()).toEqual([
        [[['x'], [1]], 17],
        [[[], [2]], 59],
      ]);
      await harness.close();
      expect(calls).toEqual(['open', 'close']);
    }));

  it('are kept where, and as, Flink does', () =>
    withBackend(create, async (bench) => {
      const assigner = TumblingEventTimeWindows.of(10);
      const operator = windowJoinOperator({ ...types, assigner }, (first: string, second: number) => first + second);
      const harness = await KeyedOperatorHarness.open({ bench, keyType: Types.STRING, operator });
      await processElement2(harness, 'a', 1, 2);
      const contents = new ListStateDescriptor('window-contents', taggedUnionType(Types.STRING, Types.LONG));
      const options = { namespace: { start: 0, end: 10 }, namespaceType: Types.TIME_WINDOW };
      expect(harness.keyed.getPartitionedState(contents, options).get()).toEqual([{ stream: 2, value: 1 }]);
    }));
});

describe('an element of two streams', () => {
  const { serializer } = taggedUnionType(Types.STRING, Types.INT);

  it('is a byte that names the stream, and the element', () => {
    const output = new DataOutput();
    serializer.serialize({ stream: 2, value: 7 }, output);
    serializer.serialize({ stream: 1, value: 'a' }, output);
    const bytes = output.copy();
    expect([...bytes]).toEqual([2, 0, 0, 0, 7, 1, 2, 97]);
    const input = new DataInput(bytes);
    expect([serializer.deserialize(input), serializer.deserialize(input)]).toEqual([
      { stream: 2, value: 7 },
      { stream: 1, value: 'a' },
    ]);
  });

  it('is of no third stream', () => {
    expect(() => serializer.deserialize(new DataInput(Uint8Array.of(3)))).toThrow('begins with 1 or 2; there is 3');
  });
});
