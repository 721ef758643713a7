// When a window fires next, for triggers that fire again and again: kept in state under Flink's name, as its savepoints have it.
import { ReducingStateDescriptor } from '../../../api/descriptors.ts';
import { Types } from '../../../bytes/types.ts';
import { windowStart } from '../assigners/aligned-windows.ts';
import { maxTimestamp, type Window } from '../window.ts';
import type { OnMergeContext, TriggerContext, TriggerResult } from './trigger.ts';

/** The earliest time that any of merged windows was to fire at. */
const FIRE_TIME: ReducingStateDescriptor<number> = new ReducingStateDescriptor('fire-time', Math.min, Types.LONG);

/** The timers of a window in one of the two times. */
export interface FireTimers {
  register(context: TriggerContext, time: number): void;
  delete(context: TriggerContext, time: number): void;
}

/** The times that a window fires at, each the next multiple of an interval, or the window's end when that is earlier. */
export class FireTimes {
  readonly interval: number;
  readonly #timers: FireTimers;

  constructor(interval: number, timers: FireTimers) {
    this.interval = interval;
    this.#timers = timers;
  }

  /** Whether the window is to fire at some time. */
  isSet(context: TriggerContext): boolean {
    return context.getPartitionedState(FIRE_TIME).get() !== undefined;
  }

  /** Sets the first time, after `now`. */
  begin(now: number, window: Window, context: TriggerContext): void {
    this.#registerNext(windowStart(now, 0, this.interval), window, context);
  }

  /** Fires, and sets the next time, when a timer is that of the window. */
  fire(time: number, window: Window, context: TriggerContext): TriggerResult {
    const fireTime = context.getPartitionedState(FIRE_TIME);
    if (fireTime.get() !== time) {
      return 'CONTINUE';
    }
    fireTime.clear();
    this.#registerNext(time, window, context);
    return 'FIRE';
  }

  clear(context: TriggerContext): void {
    const fireTime = context.getPartitionedState(FIRE_TIME);
    const time = fireTime.get();
    if (time !== undefined) {
      this.#timers.delete(context, time);
      fireTime.clear();
    }
  }

  merge(context: OnMergeContext): void {
    context.mergePartitionedState(FIRE_TIME);
    const time = context.getPartitionedState(FIRE_TIME).get();
    if (time !== undefined) {
      this.#timers.register(context, time);
    }
  }

  #registerNext(time: number, window: Window, context: TriggerContext): void {
    const next = Math.min(time + this.interval, maxTimestamp(window));
    context.getPartitionedState(FIRE_TIME).add(next);
    this.#timers.register(context, next);
  }
}
