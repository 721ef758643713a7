// Fires a window at regular times of event time, and at its end.
import type { DurationLike } from '../../watermarks/watermark-strategy.ts';
import { checkTimestamp } from '../element-timestamp.ts';
import { maxTimestamp, type Window } from '../window.ts';
import { toPositiveMilliseconds } from '../window-duration.ts';
import { type FireTimers, FireTimes } from './fire-time.ts';
import type { OnMergeContext, Trigger, TriggerContext, TriggerResult } from './trigger.ts';

const TIMERS: FireTimers = {
  register: (context, time) => context.registerEventTimeTimer(time),
  delete: (context, time) => context.deleteEventTimeTimer(time),
};

/** Fires whenever the watermark is at a multiple of an interval, while the window has elements, and at the end of the window. */
export class ContinuousEventTimeTrigger implements Trigger<unknown, Window> {
  readonly #times: FireTimes;

  private constructor(interval: number) {
    this.#times = new FireTimes(interval, TIMERS);
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
    if (!this.#times.isSet(context)) {
      checkTimestamp(timestamp);
      this.#times.begin(timestamp, window, context);
    }
    return 'CONTINUE';
  }

  onEventTime(time: number, window: Window, context: TriggerContext): TriggerResult {
    if (time === maxTimestamp(window)) {
      return 'FIRE';
    }
    return this.#times.fire(time, window, context);
  }

  onProcessingTime(): TriggerResult {
    return 'CONTINUE';
  }

  clear(_window: Window, context: TriggerContext): void {
    this.#times.clear(context);
  }

  canMerge(): boolean {
    return true;
  }

  onMerge(_window: Window, context: OnMergeContext): void {
    this.#times.merge(context);
  }

  toString(): string {
    return `ContinuousEventTimeTrigger(${this.#times.interval})`;
  }
}
