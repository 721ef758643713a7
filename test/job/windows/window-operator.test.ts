import { describe, expect, it } from 'vitest';
import { ValueStateDescriptor } from '../../../lib/api/descriptors.ts';
import type { TimeWindow } from '../../../lib/bytes/time-window.ts';
import { Types } from '../../../lib/bytes/types.ts';
import type { ProcessWindowFunction } from '../../../lib/job/functions/window-functions.ts';
import { OutputTag } from '../../../lib/job/operators/output.ts';
import { EventTimeSessionWindows } from '../../../lib/job/windows/assigners/event-time-session-windows.ts';
import { GlobalWindows } from '../../../lib/job/windows/assigners/global-windows.ts';
import { SlidingEventTimeWindows } from '../../../lib/job/windows/assigners/sliding-event-time-windows.ts';
import { TumblingEventTimeWindows } from '../../../lib/job/windows/assigners/tumbling-event-time-windows.ts';
import { CountEvictor } from '../../../lib/job/windows/evictors/count-evictor.ts';
import { TimeEvictor } from '../../../lib/job/windows/evictors/time-evictor.ts';
import { CountTrigger } from '../../../lib/job/windows/triggers/count-trigger.ts';
import type { Window } from '../../../lib/job/windows/window.ts';
import { aggregatedContents, elementContents, reducedContents } from '../../../lib/job/windows/window-contents.ts';
import { windowOperator } from '../../../lib/job/windows/window-operator.ts';
import { mean, sum } from '../../support/functions.ts';
import { KeyedOperatorHarness, processElement } from '../../support/keyed-operator-harness.ts';
import { PLAIN_BACKENDS, withBackend } from '../../support/with-backend.ts';

const LATE = new OutputTag<number>('late');

const listed: ProcessWindowFunction<number, string, string, TimeWindow> = {
  process(key, { window }, elements, out) {
    out.collect(`${key} [${window.start}, ${window.end}): ${elements.join(' ')}`);
  },
};

const spaced: ProcessWindowFunction<number, string, string, Window> = {
  process: (_key, _context, elements, out) => out.collect(elements.join(' ')),
};

describe.each(Object.entries(PLAIN_BACKENDS))('windows on %s', (_name, create) => {
  it('puts out what elements of a window are reduced to, at its end, with its last timestamp', () =>
    withBackend(create, async (bench) => {
      const operator = windowOperator({
        assigner: TumblingEventTimeWindows.of(10),
        contents: reducedContents(sum, Types.LONG),
      });
      const harness = await KeyedOperatorHarness.open({ bench, keyType: Types.STRING, operator });
      for (const [key, value, timestamp] of [
        ['a', 1, 0],
        ['a', 2, 9],
        ['b', 4, 5],
        ['a', 8, 10],
      ] as const) {
        await processElement(harness, key, value, timestamp);
      }
      await harness.watermark(8);
      expect(harness.output).toEqual([{ watermark: 8 }]);
      harness.output.length = 0;
      await harness.watermark(9);
      expect(harness.takeRecords().sort()).toEqual([
        [3, 9],
        [4, 9],
      ]);
      await harness.watermark(Number.POSITIVE_INFINITY);
      expect(harness.takeRecords()).toEqual([[8, 19]]);
      expect(await harness.leftovers()).toEqual({ rows: 0, timers: 0 });
    }));

  it('aggregates, and hands the result to a function', () =>
    withBackend(create, async (bench) => {
      const operator = windowOperator({
        assigner: TumblingEventTimeWindows.of(10),
        contents: aggregatedContents(mean, Types.TUPLE(Types.LONG, Types.LONG)),
        function: listed,
      });
      const harness = await KeyedOperatorHarness.open({ bench, keyType: Types.STRING, operator });
      await processElement(harness, 'a', 1, 1);
      await processElement(harness, 'a', 2, 2);
      await harness.watermark(9);
      expect(harness.takeRecords()).toEqual([['a [0, 10): 1.5', 9]]);
    }));

  it('fires again for late elements, until they are too late', () =>
    withBackend(create, async (bench) => {
      const operator = windowOperator({
        ...{ assigner: TumblingEventTimeWindows.of(10), contents: elementContents(Types.LONG), function: listed },
        ...{ allowedLateness: 5, lateDataTag: LATE },
      });
      const harness = await KeyedOperatorHarness.open({ bench, keyType: Types.STRING, operator });
      await processElement(harness, 'a', 1, 1);
      await harness.watermark(9);
      await processElement(harness, 'a', 2, 2);
      await harness.watermark(13);
      await processElement(harness, 'a', 3, 3);
      await harness.watermark(14);
      await processElement(harness, 'a', 4, 4);
      await processElement(harness, 'a', 5, 10);
      expect(harness.takeValues()).toEqual(['a [0, 10): 1', 'a [0, 10): 1 2', 'a [0, 10): 1 2 3']);
      expect(harness.sideOutput(LATE)).toEqual([[4, 4]]);
    }));

  it('merges sessions, and what they hold', () =>
    withBackend(create, async (bench) => {
      const operator = windowOperator({
        ...{ assigner: EventTimeSessionWindows.withGap(10), contents: elementContents(Types.LONG), function: listed },
      });
      const harness = await KeyedOperatorHarness.open({ bench, keyType: Types.STRING, operator });
      await processElement(harness, 'a', 1, 0);
      await processElement(harness, 'a', 2, 20);
      await processElement(harness, 'b', 3, 5);
      await processElement(harness, 'a', 4, 10);
      await harness.watermark(14);
      expect(harness.takeRecords()).toEqual([['b [5, 15): 3', 14]]);
      await harness.watermark(30);
      expect(harness.takeRecords()).toEqual([['a [0, 30): 1 2 4', 29]]);
      expect(await harness.leftovers()).toEqual({ rows: 0, timers: 0 });
    }));

  it('gives an element to every sliding window that it is in', () =>
    withBackend(create, async (bench) => {
      const operator = windowOperator({
        ...{ assigner: SlidingEventTimeWindows.of(10, 5), contents: elementContents(Types.LONG), function: listed },
      });
      const harness = await KeyedOperatorHarness.open({ bench, keyType: Types.STRING, operator });
      await processElement(harness, 'a', 1, 4);
      await processElement(harness, 'a', 2, 5);
      await harness.watermark(Number.POSITIVE_INFINITY);
      expect(harness.takeValues()).toEqual(['a [-5, 5): 1', 'a [0, 10): 1 2', 'a [5, 15): 2']);
    }));

  it('cleans up a window whose first element is late, beside one that ends when it is to be removed', () =>
    withBackend(create, async (bench) => {
      const operator = windowOperator({
        ...{ assigner: SlidingEventTimeWindows.of(10, 5), contents: elementContents(Types.LONG), function: listed },
        allowedLateness: 5,
      });
      const harness = await KeyedOperatorHarness.open({ bench, keyType: Types.STRING, operator });
      await harness.watermark(9);
      harness.takeRecords();
      await processElement(harness, 'a', 1, 7);
      expect(harness.takeValues()).toEqual(['a [0, 10): 1']);
      await harness.watermark(14);
      expect(harness.takeValues()).toEqual(['a [5, 15): 1']);
      await harness.watermark(19);
      expect(await harness.leftovers()).toEqual({ rows: 0, timers: 0 });
    }));

  it('counts elements that are too late where nobody wants them', () =>
    withBackend(create, async (bench) => {
      const assigner = TumblingEventTimeWindows.of(10);
      const operator = windowOperator({ assigner, contents: reducedContents(sum, Types.LONG) });
      const harness = await KeyedOperatorHarness.open({ bench, keyType: Types.STRING, operator });
      await harness.watermark(9);
      await processElement(harness, 'a', 1, 5);
      await processElement(harness, 'a', 1, 10);
      await harness.watermark(Number.POSITIVE_INFINITY);
      expect(harness.takeRecords()).toEqual([[1, 19]]);
      expect(harness.metrics.snapshot()).toEqual({ numLateRecordsDropped: 1 });
    }));

  it('keeps no timers of windows that were merged', () =>
    withBackend(create, async (bench) => {
      const operator = windowOperator({
        ...{ assigner: EventTimeSessionWindows.withGap(10), contents: elementContents(Types.LONG), function: listed },
        allowedLateness: 3,
      });
      const harness = await KeyedOperatorHarness.open({ bench, keyType: Types.STRING, operator });
      for (const timestamp of [0, 4, 8, 30, 20]) {
        await processElement(harness, 'a', timestamp, timestamp);
      }
      // One that fires the window, and one that removes it.
      expect((await harness.leftovers()).timers).toBe(4);
      await processElement(harness, 'a', 15, 15);
      expect((await harness.leftovers()).timers).toBe(2);
    }));

  it('keeps sessions over a restore, under the window that they began with', () =>
    withBackend(create, async (bench) => {
      const operator = windowOperator({
        ...{ assigner: EventTimeSessionWindows.withGap(10), contents: elementContents(Types.LONG), function: listed },
      });
      const options = { bench, keyType: Types.STRING, operator };
      const before = await KeyedOperatorHarness.open(options);
      await processElement(before, 'a', 1, 0);
      await processElement(before, 'a', 2, 5);
      const handle = await before.snapshot(1);
      const after = await KeyedOperatorHarness.open({ ...options, restore: { storage: bench.storage, handle } });
      await processElement(after, 'a', 3, 12);
      await after.watermark(Number.POSITIVE_INFINITY);
      expect(after.takeRecords()).toEqual([['a [0, 22): 1 2 3', 21]]);
      expect(await after.leftovers()).toEqual({ rows: 0, timers: 0 });
    }));

  it('drops elements with an evictor, and keeps those that stay', () =>
    withBackend(create, async (bench) => {
      const operator = windowOperator({
        ...{ assigner: GlobalWindows.create(), trigger: CountTrigger.of(2), evictor: CountEvictor.of(3) },
        ...{ contents: elementContents(Types.LONG), function: spaced },
      });
      const harness = await KeyedOperatorHarness.open({ bench, keyType: Types.STRING, operator });
      for (const value of [1, 2, 3, 4, 5, 6]) {
        await processElement(harness, 'a', value, value);
      }
      expect(harness.takeValues()).toEqual(['1 2', '2 3 4', '4 5 6']);
    }));

  it.each([
    ['reduces', reducedContents(sum, Types.LONG), ['3', '7']],
    ['aggregates', aggregatedContents(mean, Types.TUPLE(Types.LONG, Types.LONG), Types.LONG), ['1.5', '3.5']],
  ])('%s what an evictor has left', (_what, contents, expected) =>
    withBackend(create, async (bench) => {
      const operator = windowOperator({
        ...{ assigner: GlobalWindows.create(), trigger: CountTrigger.of(2), evictor: TimeEvictor.of(2) },
        ...{ contents, function: spaced },
      });
      const harness = await KeyedOperatorHarness.open({ bench, keyType: Types.STRING, operator });
      for (const value of [1, 2, 3, 4]) {
        await processElement(harness, 'a', value, value);
      }
      expect(harness.takeValues()).toEqual(expected);
    }),
  );

  it('moves the elements of an evictor with merged windows, their timestamps too', () =>
    withBackend(create, async (bench) => {
      const operator = windowOperator({
        ...{ assigner: EventTimeSessionWindows.withGap(10), evictor: TimeEvictor.of(15) },
        ...{ contents: elementContents(Types.LONG), function: listed },
      });
      const harness = await KeyedOperatorHarness.open({ bench, keyType: Types.STRING, operator });
      for (const timestamp of [0, 20, 10]) {
        await processElement(harness, 'a', timestamp, timestamp);
      }
      await harness.watermark(Number.POSITIVE_INFINITY);
      expect(harness.takeValues()).toEqual(['a [0, 30): 20 10']);
      expect(await harness.leftovers()).toEqual({ rows: 0, timers: 0 });
    }));

  it('tells its function of the window, keeps state for it and for the key, and has the first cleared', () =>
    withBackend(create, async (bench) => {
      const firings = new ValueStateDescriptor('firings', Types.LONG);
      const all = new ValueStateDescriptor('all', Types.LONG);
      const side = new OutputTag<string>('side');
      const counting: ProcessWindowFunction<number, string, string, TimeWindow> = {
        process(key, context, elements, out) {
          const perWindow = context.windowState().getState(firings);
          const perKey = context.globalState().getState(all);
          perWindow.update((perWindow.value() ?? 0) + 1);
          perKey.update((perKey.value() ?? 0) + elements.length);
          out.collect(`${key} ${perWindow.value()} ${perKey.value()} at ${context.currentWatermark}`);
          context.output(side, `${key} by the clock at ${context.currentProcessingTime()}`);
        },
        clear(context) {
          context.windowState().getState(firings).clear();
        },
      };
      const operator = windowOperator({
        ...{ assigner: TumblingEventTimeWindows.of(10), allowedLateness: 10 },
        ...{ contents: elementContents(Types.LONG), function: counting },
      });
      const harness = await KeyedOperatorHarness.open({ bench, keyType: Types.STRING, operator });
      await harness.clock(77);
      await processElement(harness, 'a', 1, 1);
      await harness.watermark(9);
      await processElement(harness, 'a', 2, 2);
      await processElement(harness, 'a', 3, 11);
      await harness.watermark(Number.POSITIVE_INFINITY);
      expect(harness.takeValues()).toEqual(['a 1 1 at 9', 'a 2 3 at 9', 'a 1 4 at Infinity']);
      expect(harness.sideOutput(side)[0]).toEqual(['a by the clock at 77', 9]);
      // What is left is the state of the key.
      expect(await harness.leftovers()).toEqual({ rows: 1, timers: 0 });
    }));

  it('has no state for windows that merge', () =>
    withBackend(create, async (bench) => {
      const function_: ProcessWindowFunction<number, string, string, TimeWindow> = {
        process: (_key, context) => {
          context.windowState();
        },
      };
      const operator = windowOperator({
        ...{
          assigner: EventTimeSessionWindows.withGap(10),
          contents: elementContents(Types.LONG),
          function: function_,
        },
      });
      const harness = await KeyedOperatorHarness.open({ bench, keyType: Types.STRING, operator });
      await processElement(harness, 'a', 1, 0);
      await expect(harness.watermark(Number.POSITIVE_INFINITY)).rejects.toThrow('use globalState()');
    }));

  it('opens and closes its function, with state of the key', () =>
    withBackend(create, async (bench) => {
      const calls: string[] = [];
      const rich: ProcessWindowFunction<number, string, string, TimeWindow> = {
        open({ taskName, numberOfParallelSubtasks }) {
          calls.push(`open in ${taskName}, 1 of ${numberOfParallelSubtasks}`);
        },
        process() {
          calls.push('process');
        },
        close() {
          calls.push('close');
        },
      };
      const assigner = TumblingEventTimeWindows.of(10);
      const operator = windowOperator({ assigner, contents: elementContents(Types.LONG), function: rich });
      const harness = await KeyedOperatorHarness.open({ bench, keyType: Types.STRING, operator });
      await processElement(harness, 'a', 1, 0);
      await harness.watermark(9);
      await harness.close();
      expect(calls).toEqual(['open in operator, 1 of 1', 'process', 'close']);
    }));
});

describe('a window operator', () => {
  const settings = { assigner: TumblingEventTimeWindows.of(10), contents: elementContents(Types.LONG) };

  it.each([-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('refuses the lateness %d', (allowedLateness) => {
    expect(() => windowOperator({ ...settings, allowedLateness })).toThrow(
      expect.objectContaining({ code: 'ERR_INVALID_LATENESS' }),
    );
  });

  it('needs the type of elements for an evictor', () => {
    const contents = aggregatedContents(mean, Types.TUPLE(Types.LONG, Types.LONG));
    expect(() => windowOperator({ ...settings, contents, evictor: CountEvictor.of(1) })).toThrow(
      expect.objectContaining({ code: 'ERR_INVALID_EVICTOR' }),
    );
  });
});
