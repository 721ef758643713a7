import { describe, expect, it } from 'vitest';
import type { TimeWindow } from '../../../../lib/bytes/time-window.ts';
import { Types } from '../../../../lib/bytes/types.ts';
import type { ProcessWindowFunction } from '../../../../lib/job/functions/window-functions.ts';
import { EventTimeSessionWindows } from '../../../../lib/job/windows/assigners/event-time-session-windows.ts';
import { GlobalWindows } from '../../../../lib/job/windows/assigners/global-windows.ts';
import { ProcessingTimeSessionWindows } from '../../../../lib/job/windows/assigners/processing-time-session-windows.ts';
import { TumblingEventTimeWindows } from '../../../../lib/job/windows/assigners/tumbling-event-time-windows.ts';
import { TumblingProcessingTimeWindows } from '../../../../lib/job/windows/assigners/tumbling-processing-time-windows.ts';
import { ContinuousEventTimeTrigger } from '../../../../lib/job/windows/triggers/continuous-event-time-trigger.ts';
import { ContinuousProcessingTimeTrigger } from '../../../../lib/job/windows/triggers/continuous-processing-time-trigger.ts';
import { CountTrigger } from '../../../../lib/job/windows/triggers/count-trigger.ts';
import { DeltaTrigger } from '../../../../lib/job/windows/triggers/delta-trigger.ts';
import { EventTimeTrigger } from '../../../../lib/job/windows/triggers/event-time-trigger.ts';
import { PurgingTrigger } from '../../../../lib/job/windows/triggers/purging-trigger.ts';
import type { Trigger } from '../../../../lib/job/windows/triggers/trigger.ts';
import type { Window } from '../../../../lib/job/windows/window.ts';
import type { WindowAssigner } from '../../../../lib/job/windows/window-assigner.ts';
import { elementContents } from '../../../../lib/job/windows/window-contents.ts';
import { windowOperator } from '../../../../lib/job/windows/window-operator.ts';
import { KeyedOperatorHarness, processElement } from '../../../support/keyed-operator-harness.ts';
import { type Bench, PLAIN_BACKENDS, withBackend } from '../../../support/with-backend.ts';

const joined: ProcessWindowFunction<number, string, string, Window> = {
  process(key, _context, elements, out) {
    out.collect(`${key}:${elements.join(' ')}`);
  },
};

function open<W extends Window>(bench: Bench, assigner: WindowAssigner<number, W>, trigger: Trigger<number, W>) {
  const contents = elementContents(Types.LONG);
  const operator = windowOperator<number, number, string, string, W>({ assigner, trigger, contents, function: joined });
  return KeyedOperatorHarness.open({ bench, keyType: Types.STRING, operator });
}

const sessions = (gap: number): WindowAssigner<number, TimeWindow> => EventTimeSessionWindows.withGap(gap);

describe.each(Object.entries(PLAIN_BACKENDS))('triggers on %s', (_name, create) => {
  it('count fires at every so many elements of a key', () =>
    withBackend(create, async (bench) => {
      const harness = await open(bench, GlobalWindows.create(), CountTrigger.of(2));
      for (const [key, value] of [
        ['a', 1],
        ['b', 2],
        ['a', 3],
        ['a', 4],
        ['a', 5],
      ] as const) {
        await processElement(harness, key, value);
      }
      expect(harness.takeRecords()).toEqual([
        ['a:1 3', Number.POSITIVE_INFINITY],
        ['a:1 3 4 5', Number.POSITIVE_INFINITY],
      ]);
    }));

  it('count counts on when windows merge', () =>
    withBackend(create, async (bench) => {
      const harness = await open(bench, sessions(10), CountTrigger.of(3));
      await processElement(harness, 'a', 1, 0);
      await processElement(harness, 'a', 2, 20);
      expect(harness.takeValues()).toEqual([]);
      await processElement(harness, 'a', 3, 10);
      expect(harness.takeValues()).toEqual(['a:1 2 3']);
      await harness.watermark(Number.POSITIVE_INFINITY);
      expect(await harness.leftovers()).toEqual({ rows: 0, timers: 0 });
    }));

  it('purging drops what another trigger has fired', () =>
    withBackend(create, async (bench) => {
      const harness = await open(bench, GlobalWindows.create(), PurgingTrigger.of(CountTrigger.of(2)));
      for (const value of [1, 2, 3, 4, 5]) {
        await processElement(harness, 'a', value);
      }
      expect(harness.takeValues()).toEqual(['a:1 2', 'a:3 4']);
    }));

  it('purging in event time makes late elements a result of their own', () =>
    withBackend(create, async (bench) => {
      const operator = windowOperator<number, number, string, string, TimeWindow>({
        assigner: TumblingEventTimeWindows.of(10),
        trigger: PurgingTrigger.of(EventTimeTrigger.create()),
        ...{ contents: elementContents(Types.LONG), function: joined, allowedLateness: 10 },
      });
      const harness = await KeyedOperatorHarness.open({ bench, keyType: Types.STRING, operator });
      await processElement(harness, 'a', 1, 1);
      await harness.watermark(9);
      await processElement(harness, 'a', 2, 2);
      expect(harness.takeValues()).toEqual(['a:1', 'a:2']);
      await harness.watermark(19);
      expect(await harness.leftovers()).toEqual({ rows: 0, timers: 0 });
    }));

  it('delta fires when an element is far from the last that fired', () =>
    withBackend(create, async (bench) => {
      const far = DeltaTrigger.of(5, (old: number, last) => Math.abs(last - old), Types.LONG);
      const harness = await open(bench, GlobalWindows.create(), far);
      for (const value of [0, 5, 6, 10, 12]) {
        await processElement(harness, 'a', value);
      }
      expect(harness.takeValues()).toEqual(['a:0 5 6', 'a:0 5 6 10 12']);
    }));

  it('continuous fires at every interval of event time, and at the end', () =>
    withBackend(create, async (bench) => {
      const harness = await open(bench, TumblingEventTimeWindows.of(25), ContinuousEventTimeTrigger.of(10));
      await processElement(harness, 'a', 1, 3);
      await harness.watermark(9);
      expect(harness.takeValues()).toEqual([]);
      await harness.watermark(10);
      expect(harness.takeValues()).toEqual(['a:1']);
      await processElement(harness, 'a', 2, 12);
      await harness.watermark(20);
      expect(harness.takeRecords()).toEqual([['a:1 2', 24]]);
      await harness.watermark(23);
      expect(harness.takeValues()).toEqual([]);
      await harness.watermark(24);
      expect(harness.takeValues()).toEqual(['a:1 2']);
      expect(await harness.leftovers()).toEqual({ rows: 0, timers: 0 });
    }));

  it('continuous keeps the earliest time when windows merge', () =>
    withBackend(create, async (bench) => {
      const harness = await open(bench, sessions(30), ContinuousEventTimeTrigger.of(10));
      await processElement(harness, 'a', 1, 1);
      await processElement(harness, 'a', 2, 35);
      await processElement(harness, 'a', 3, 25);
      await harness.watermark(10);
      expect(harness.takeValues()).toEqual(['a:1 2 3']);
      await harness.watermark(Number.POSITIVE_INFINITY);
      expect(harness.takeValues().length).toBeGreaterThan(1);
      expect(await harness.leftovers()).toEqual({ rows: 0, timers: 0 });
    }));

  it('continuous needs timestamps, also in the global window', () =>
    withBackend(create, async (bench) => {
      const harness = await open(bench, GlobalWindows.create(), ContinuousEventTimeTrigger.of(10));
      await expect(processElement(harness, 'a', 1)).rejects.toThrow(
        expect.objectContaining({ code: 'ERR_MISSING_TIMESTAMP' }),
      );
    }));

  it('continuous in processing time fires by the clock', () =>
    withBackend(create, async (bench) => {
      const harness = await open(bench, TumblingProcessingTimeWindows.of(30), ContinuousProcessingTimeTrigger.of(10));
      await harness.clock(4);
      await processElement(harness, 'a', 1);
      await harness.clock(9);
      expect(harness.takeValues()).toEqual([]);
      await harness.clock(10);
      expect(harness.takeValues()).toEqual(['a:1']);
      await harness.clock(29);
      expect(harness.takeValues()).toEqual(['a:1', 'a:1']);
      expect(await harness.leftovers()).toEqual({ rows: 0, timers: 0 });
    }));

  it('processing time fires at the end of the window', () =>
    withBackend(create, async (bench) => {
      const assigner = TumblingProcessingTimeWindows.of(10);
      const harness = await open(bench, assigner, assigner.getDefaultTrigger());
      await harness.clock(5);
      await processElement(harness, 'a', 1, 1_000);
      await harness.clock(8);
      expect(harness.takeValues()).toEqual([]);
      await harness.clock(9);
      expect(harness.takeRecords()).toEqual([['a:1', 9]]);
      expect(await harness.leftovers()).toEqual({ rows: 0, timers: 0 });
    }));

  it('processing time fires sessions, which elements make longer', () =>
    withBackend(create, async (bench) => {
      const assigner: WindowAssigner<number, TimeWindow> = ProcessingTimeSessionWindows.withGap(10);
      const harness = await open(bench, assigner, assigner.getDefaultTrigger());
      await processElement(harness, 'a', 1);
      await harness.clock(8);
      await processElement(harness, 'a', 2);
      await harness.clock(16);
      expect(harness.takeValues()).toEqual([]);
      await harness.clock(17);
      expect(harness.takeRecords()).toEqual([['a:1 2', 17]]);
      expect(await harness.leftovers()).toEqual({ rows: 0, timers: 0 });
    }));

  it('end of stream fires the global window once', () =>
    withBackend(create, async (bench) => {
      const assigner = GlobalWindows.createWithEndOfStreamTrigger();
      const harness = await open(bench, assigner, assigner.getDefaultTrigger());
      await processElement(harness, 'a', 1);
      await processElement(harness, 'a', 2);
      await harness.watermark(1e15);
      expect(harness.takeValues()).toEqual([]);
      await harness.watermark(Number.POSITIVE_INFINITY);
      expect(harness.takeValues()).toEqual(['a:1 2']);
    }));

  it('never fires without a trigger in the global window', () =>
    withBackend(create, async (bench) => {
      const assigner = GlobalWindows.create();
      const harness = await open(bench, assigner, assigner.getDefaultTrigger());
      await processElement(harness, 'a', 1);
      await harness.watermark(Number.POSITIVE_INFINITY);
      expect(harness.takeValues()).toEqual([]);
    }));
});

describe('a trigger', () => {
  it('that can not merge is refused for windows that merge', () => {
    const trigger = DeltaTrigger.of(1, () => 0, Types.LONG);
    const contents = elementContents(Types.LONG);
    const message =
      'EventTimeSessionWindows(5) merges windows, so it needs a trigger that can merge; DeltaTrigger(1) can not.';
    expect(() => windowOperator({ assigner: sessions(5), trigger, contents })).toThrow(message);
    expect(() => windowOperator({ assigner: sessions(5), trigger: PurgingTrigger.of(trigger), contents })).toThrow(
      expect.objectContaining({ code: 'ERR_INVALID_TRIGGER' }),
    );
  });

  it.each([0, -1, 1.5, Number.NaN])('does not count to %d', (count) => {
    expect(() => CountTrigger.of(count)).toThrow(expect.objectContaining({ code: 'ERR_INVALID_TRIGGER' }));
  });

  it('does not fire every 0 ms', () => {
    expect(() => ContinuousEventTimeTrigger.of(0)).toThrow('must be longer than 0 ms');
    expect(() => ContinuousProcessingTimeTrigger.of(0)).toThrow('must be longer than 0 ms');
  });

  it.each<[Trigger<number, Window>, string]>([
    [CountTrigger.of(3), 'CountTrigger(3)'],
    [PurgingTrigger.of(CountTrigger.of(3)), 'PurgingTrigger(CountTrigger(3))'],
    [ContinuousEventTimeTrigger.of('1 s'), 'ContinuousEventTimeTrigger(1000)'],
    [ContinuousProcessingTimeTrigger.of(5), 'ContinuousProcessingTimeTrigger(5)'],
  ])('is named %o', (trigger, name) => {
    expect(`${trigger}`).toBe(name);
  });
});
