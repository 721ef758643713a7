// Fires a window at regular times of event time, and at its end.
import type { DurationLike } from '../../watermarks/watermark-strategy.ts';
import { windowStart } from '../assigners/aligned-windows.ts';
import { checkTimestamp } from '../element-timestamp.ts';
import { maxTimestamp, type Window } from '../window.ts';
import { toPositiveMilliseconds } from '../window-duration.ts';
import { FIRE_TIME, nextFireTime } from './fire-time.ts';
import type { OnMergeContext, Trigger, TriggerContext, TriggerResult } from './trigger.ts';

/** Fires whenever the watermark is at a multiple of an interval, while the window has elements, and at the end of the window. */
export class ContinuousEventTimeTrigger implements Trigger<unknown, Window> {
  readonly #interval: number;

  private constructor(interval: number) {
    this.#interval = interval;
  }

  /**
   * @param interval - milliseconds, or text such as `'10 s'`.
   * @throws RangeError `ERR_INVALID_WINDOW` unless it is longer than 0.
   */
  static of(interval: DurationLike): ContinuousEventTimeTrigger {
    return new ContinuousEventTimeTrigger(
      toPositiveMilliseconds('The interval of a ContinuousEventTimeTrigger', interval),
    );
  }

  onElement(_element: unknown, timestamp: number, window: Window, context: TriggerContext): TriggerResult {
    if (maxTimestamp(window) <= context.currentWatermark) {
      return 'FIRE';
    }
    context.registerEventTimeTimer(maxTimestamp(window));
    if (context.getPartitionedState(FIRE_TIME).get() === undefined) {
      checkTimestamp(timestamp);
      this.#registerNext(windowStart(timestamp, 0, this.#interval), window, context);
    }
    return 'CONTINUE';
  }

  onEventTime(time: number, window: Window, context: TriggerContext): TriggerResult {
    if (time === maxTimestamp(window)) {
      return 'FIRE';
    }
    const fireTime = context.getPartitionedState(FIRE_TIME);
    if (fireTime.get() !== time) {
      return 'CONTINUE';
    }
    fireTime.clear();
    this.#registerNext(time, window, context);
    return 'FIRE';
  }

  onProcessingTime(): TriggerResult {
    return 'CONTINUE';
  }

  clear(_window: Window, context: TriggerContext): void {
    const fireTime = context.getPartitionedState(FIRE_TIME);
    const time = fireTime.get();
    if (time !== undefined) {
      context.deleteEventTimeTimer(time);
      fireTime.clear();
    }
  }

  canMerge(): boolean {
    return true;
  }

  onMerge(_window: Window, context: OnMergeContext): void {
    context.mergePartitionedState(FIRE_TIME);
    const time = context.getPartitionedState(FIRE_TIME).get();
    if (time !== undefined) {
      context.registerEventTimeTimer(time);
    }
  }

  toString(): string {
    return `ContinuousEventTimeTrigger(${this.#interval})`;
  }

  #registerNext(time: number, window: Window, context: TriggerContext): void {
    const next = nextFireTime(time, this.#interval, window);
    context.getPartitionedState(FIRE_TIME).add(next);
    context.registerEventTimeTimer(next);
  }
}
