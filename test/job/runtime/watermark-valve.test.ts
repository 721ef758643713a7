import { expect, test } from 'vitest';
import { WatermarkValve } from '../../../lib/job/runtime/watermark-valve.ts';

function valve(inputs: number): { readonly valve: WatermarkValve; readonly out: (number | string)[] } {
  const out: (number | string)[] = [];
  return {
    out,
    valve: new WatermarkValve(inputs, {
      watermark: (timestamp) => out.push(timestamp),
      status: (idle) => out.push(idle ? 'idle' : 'active'),
    }),
  };
}

test('event time is that of the slowest input, and never goes back', () => {
  const { valve: tested, out } = valve(3);
  tested.inputWatermark(0, 10);
  tested.inputWatermark(1, 5);
  expect(out).toEqual([]);
  tested.inputWatermark(2, 7);
  tested.inputWatermark(1, 4);
  tested.inputWatermark(1, 20);
  tested.inputWatermark(2, Number.POSITIVE_INFINITY);
  tested.inputWatermark(0, 21);
  expect(out).toEqual([5, 7, 10, 20]);
  expect(tested.watermark).toBe(20);
});

test('idle inputs are not waited for', () => {
  const { valve: tested, out } = valve(2);
  tested.inputWatermark(0, 10);
  tested.inputStatus(1, true);
  tested.inputWatermark(0, 12);
  // What an idle input says does not count.
  tested.inputWatermark(1, 100);
  expect(out).toEqual([10, 12]);
});

test('when all are idle, event time is that of the farthest, before this is told', () => {
  const { valve: tested, out } = valve(2);
  tested.inputWatermark(0, 10);
  tested.inputWatermark(1, 30);
  tested.inputStatus(0, true);
  tested.inputStatus(1, true);
  tested.inputStatus(1, true);
  expect(out).toEqual([10, 30, 'idle']);
});

test('the farthest of all that are idle counts, also when it was idle first', () => {
  const { valve: tested, out } = valve(2);
  tested.inputWatermark(0, 10);
  tested.inputWatermark(1, 30);
  tested.inputStatus(1, true);
  tested.inputStatus(0, true);
  tested.inputStatus(0, false);
  expect(out).toEqual([10, 30, 'idle', 'active']);
});

test('an input that was idle does not hold the others back before it has caught up', () => {
  const { valve: tested, out } = valve(2);
  tested.inputWatermark(1, 1);
  tested.inputStatus(1, true);
  tested.inputWatermark(0, 100);
  tested.inputStatus(1, false);
  tested.inputWatermark(1, 50);
  tested.inputWatermark(0, 200);
  expect(out).toEqual([100, 200]);
  tested.inputWatermark(1, 210);
  tested.inputWatermark(0, 220);
  tested.inputWatermark(1, 215);
  expect(out).toEqual([100, 200, 210, 215]);
});
