// When a window fires next, for triggers that fire again and again: kept in state under Flink's name, as its savepoints have it.
import { ReducingStateDescriptor } from '../../../api/descriptors.ts';
import { Types } from '../../../bytes/types.ts';
import { maxTimestamp, type Window } from '../window.ts';

/** The earliest time that any of merged windows was to fire at. */
export const FIRE_TIME: ReducingStateDescriptor<number> = new ReducingStateDescriptor(
  'fire-time',
  Math.min,
  Types.LONG,
);

/** The time after an interval; or the end of the window, when that is earlier. */
export function nextFireTime(time: number, interval: number, window: Window): number {
  return Math.min(time + interval, maxTimestamp(window));
}
