import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TimeWindow } from '../../../../lib/bytes/time-window.ts';
import { EventTimeSessionWindows } from '../../../../lib/job/windows/assigners/event-time-session-windows.ts';
import { GlobalWindows } from '../../../../lib/job/windows/assigners/global-windows.ts';
import { mergeTimeWindows } from '../../../../lib/job/windows/assigners/merge-time-windows.ts';
import { ProcessingTimeSessionWindows } from '../../../../lib/job/windows/assigners/processing-time-session-windows.ts';
import { SlidingEventTimeWindows } from '../../../../lib/job/windows/assigners/sliding-event-time-windows.ts';
import { SlidingProcessingTimeWindows } from '../../../../lib/job/windows/assigners/sliding-processing-time-windows.ts';
import { TumblingEventTimeWindows } from '../../../../lib/job/windows/assigners/tumbling-event-time-windows.ts';
import { TumblingProcessingTimeWindows } from '../../../../lib/job/windows/assigners/tumbling-processing-time-windows.ts';
import { maxTimestamp, type Window } from '../../../../lib/job/windows/window.ts';
import type { WindowAssigner } from '../../../../lib/job/windows/window-assigner.ts';

const at = (now: number) => ({ currentProcessingTime: () => now });
const NEVER = at(Number.NaN);
const window = (start: number, end: number) => ({ start, end });

function inEventTime(assigner: WindowAssigner<unknown, Window>, timestamp: number): readonly Window[] {
  return assigner.assignWindows('element', timestamp, NEVER);
}

function inProcessingTime(assigner: WindowAssigner<unknown, Window>, now: number): readonly Window[] {
  return assigner.assignWindows('element', Number.NEGATIVE_INFINITY, at(now));
}

describe('tumbling windows', () => {
  it.each([
    [0, 0],
    [4_999, 0],
    [5_000, 5_000],
    [-1, -5_000],
    [-5_000, -5_000],
    [-5_001, -10_000],
  ])('have the time %i in the window that starts at %i', (time, start) => {
    expect(inEventTime(TumblingEventTimeWindows.of(5_000), time)).toEqual([window(start, start + 5_000)]);
    expect(inProcessingTime(TumblingProcessingTimeWindows.of('5 s'), time)).toEqual([window(start, start + 5_000)]);
  });

  it.each([
    [100, 99, -4_900, 100],
    [100, 100, 100, 5_100],
    [-100, 4_900, 4_900, 9_900],
    [-100, -101, -5_100, -100],
  ])('with the offset %i have the time %i in [%i, %i)', (offset, time, start, end) => {
    expect(inEventTime(TumblingEventTimeWindows.of(5_000, offset), time)).toEqual([window(start, end)]);
    expect(inEventTime(TumblingEventTimeWindows.of('5 s', `${offset} ms`), time)).toEqual([window(start, end)]);
  });

  it.each([
    [0, 0],
    [-1, 0],
    [10, 10],
    [10, -10],
  ])('refuse the size %i with the offset %i', (size, offset) => {
    const message = /must have size > 0 and \|offset\| < size; received size -?\d+ ms, slide -?\d+ ms, offset -?\d+ ms/;
    expect(() => TumblingEventTimeWindows.of(size, offset)).toThrow(message);
    expect(() => TumblingProcessingTimeWindows.of(size, offset)).toThrow(message);
  });

  it.each([['soon'], [1.5], [Number.NaN], [undefined]])('refuse the size %o, which is no duration', (size) => {
    expect(() => TumblingEventTimeWindows.of(size as number)).toThrow(
      expect.objectContaining({ code: 'ERR_INVALID_WINDOW' }),
    );
  });
});

describe('sliding windows', () => {
  it('have a time in every window that it is in, the last one first', () => {
    const expected = [
      window(6_000, 11_000),
      window(5_000, 10_000),
      window(4_000, 9_000),
      window(3_000, 8_000),
      window(2_000, 7_000),
    ];
    expect(inEventTime(SlidingEventTimeWindows.of('5 s', '1 s'), 6_999)).toEqual(expected);
    expect(inProcessingTime(SlidingProcessingTimeWindows.of('5 s', '1 s'), 6_000)).toEqual(expected);
  });

  it('leave times out between them when the slide is longer than the size', () => {
    const windows = SlidingEventTimeWindows.of(5, 10);
    expect(inEventTime(windows, 14)).toEqual([window(10, 15)]);
    expect(inEventTime(windows, 15)).toEqual([]);
  });

  it('are those that hold the time, of all that there are', () => {
    const part = fc.integer({ min: 1, max: 20 });
    const times = fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 1 });
    fc.assert(
      fc.property(part, part, fc.integer({ min: -19, max: 19 }), times, (size, slide, shift, each) => {
        const assigner = SlidingEventTimeWindows.of(size, slide, shift % slide);
        for (const time of each) {
          const starts = Array.from({ length: 200 }, (_, index) => index - 100).filter(
            (start) => Number.isInteger((start - shift) / slide) && start <= time && time < start + size,
          );
          const expected = starts.reverse().map((start) => window(start, start + size));
          expect(inEventTime(assigner, time)).toEqual(expected);
        }
      }),
    );
  });

  it.each([
    [0, 10, 0],
    [10, 0, 0],
    [10, 5, 5],
    [10, 5, -5],
  ])('refuse the size %i with the slide %i and the offset %i', (size, slide, offset) => {
    const invalid = expect.objectContaining({ code: 'ERR_INVALID_WINDOW' });
    expect(() => SlidingEventTimeWindows.of(size, slide, offset)).toThrow(invalid);
    expect(() => SlidingProcessingTimeWindows.of(size, slide, offset)).toThrow(invalid);
  });
});

describe('sessions', () => {
  it('begin as a window of one element', () => {
    expect(inEventTime(EventTimeSessionWindows.withGap('5 s'), 3)).toEqual([window(3, 5_003)]);
    expect(inProcessingTime(ProcessingTimeSessionWindows.withGap(10), 7)).toEqual([window(7, 17)]);
  });

  it('may have a gap that the element says', () => {
    const gaps = EventTimeSessionWindows.withDynamicGap((gap: number) => gap);
    expect(gaps.assignWindows(4, 10)).toEqual([window(10, 14)]);
    const clocked = ProcessingTimeSessionWindows.withDynamicGap((gap: number) => gap);
    expect(clocked.assignWindows(6, 0, at(100))).toEqual([window(100, 106)]);
    for (const gap of [0, -1, 1.5]) {
      expect(() => gaps.assignWindows(gap, 10)).toThrow(expect.objectContaining({ code: 'ERR_INVALID_WINDOW' }));
    }
  });

  it.each([0, -1])('refuse the gap %i', (gap) => {
    expect(() => EventTimeSessionWindows.withGap(gap)).toThrow(expect.objectContaining({ code: 'ERR_INVALID_WINDOW' }));
    expect(() => ProcessingTimeSessionWindows.withGap(gap)).toThrow('must be longer than 0 ms');
  });

  it('merge windows that overlap or touch, each set into one', () => {
    const merged: [readonly TimeWindow[], TimeWindow][] = [];
    const windows = [window(10, 12), window(0, 5), window(20, 30), window(5, 6), window(3, 4), window(11, 15)];
    mergeTimeWindows(windows, (each, result) => merged.push([each, result]));
    expect(merged).toEqual([
      [[window(0, 5), window(3, 4), window(5, 6)], window(0, 6)],
      [[window(10, 12), window(11, 15)], window(10, 15)],
    ]);
  });
});

describe('windows', () => {
  it.each<[string, WindowAssigner<unknown, Window>]>([
    ['tumbling', TumblingEventTimeWindows.of(1)],
    ['sliding', SlidingEventTimeWindows.of(2, 1)],
    ['session', EventTimeSessionWindows.withGap(1)],
  ])('of event time (%s) refuse an element without a timestamp', (_name, assigner) => {
    expect(() => inEventTime(assigner, Number.NEGATIVE_INFINITY)).toThrow(
      expect.objectContaining({ code: 'ERR_MISSING_TIMESTAMP' }),
    );
  });

  it.each<[WindowAssigner<unknown, Window>, string, string, boolean]>([
    [TumblingEventTimeWindows.of('1 s'), 'TumblingEventTimeWindows(1000)', 'EventTimeTrigger()', true],
    [TumblingProcessingTimeWindows.of(5), 'TumblingProcessingTimeWindows(5)', 'ProcessingTimeTrigger()', false],
    [SlidingEventTimeWindows.of(10, 5), 'SlidingEventTimeWindows(10, 5)', 'EventTimeTrigger()', true],
    [SlidingProcessingTimeWindows.of(10, 5), 'SlidingProcessingTimeWindows(10, 5)', 'ProcessingTimeTrigger()', false],
    [EventTimeSessionWindows.withGap(5), 'EventTimeSessionWindows(5)', 'EventTimeTrigger()', true],
    [ProcessingTimeSessionWindows.withGap(5), 'ProcessingTimeSessionWindows(5)', 'ProcessingTimeTrigger()', false],
    [GlobalWindows.create(), 'GlobalWindows()', 'NeverTrigger()', false],
    [GlobalWindows.createWithEndOfStreamTrigger(), 'GlobalWindows()', 'EventTimeTrigger()', false],
  ])('%o are named %s, and fire by %s', (assigner, name, trigger, isEventTime) => {
    expect([`${assigner}`, `${assigner.getDefaultTrigger()}`, assigner.isEventTime]).toEqual([
      name,
      trigger,
      isEventTime,
    ]);
  });

  it('end a millisecond after their last timestamp; the global one never', () => {
    expect(maxTimestamp(window(0, 10))).toBe(9);
    expect(GlobalWindows.create().assignWindows()).toEqual(['GlobalWindow']);
    expect(maxTimestamp('GlobalWindow')).toBe(Number.POSITIVE_INFINITY);
  });
});
