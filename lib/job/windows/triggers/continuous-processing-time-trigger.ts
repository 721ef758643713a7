// Fires a window at regular times of the clock.
import type { DurationLike } from '../../watermarks/watermark-strategy.ts';
import type { Window } from '../window.ts';
import { toPositiveMilliseconds } from '../window-duration.ts';
import { type FireTimers, FireTimes } from './fire-time.ts';
import type { OnMergeContext, Trigger, TriggerContext, TriggerResult } from './trigger.ts';

const TIMERS: FireTimers = {
  register: (context, time) => context.registerProcessingTimeTimer(time),
  delete: (context, time) => context.deleteProcessingTimeTimer(time),
};

/** Fires whenever the clock is at a multiple of an interval, while the window has elements. */
export class ContinuousProcessingTimeTrigger implements Trigger<unknown, Window> {
  readonly #times: FireTimes;

  private constructor(interval: number) {
    this.#times = new FireTimes(interval, TIMERS);
  }

  /**
   * @param interval - milliseconds, or text such as `'10 s'`.
   * @throws RangeError `ERR_INVALID_WINDOW` unless it is longer than 0.
   */
  static of(interval: DurationLike): ContinuousProcessingTimeTrigger {
    return new ContinuousProcessingTimeTrigger(
      toPositiveMilliseconds('The interval of a ContinuousProcessingTimeTrigger', interval),
    );
  }

  onElement(_element: unknown, _timestamp: number, window: Window, context: TriggerContext): TriggerResult {
    if (!this.#times.isSet(context)) {
      this.#times.begin(context.currentProcessingTime(), window, context);
    }
    return 'CONTINUE';
  }

  onEventTime(): TriggerResult {
    return 'CONTINUE';
  }

  onProcessingTime(time: number, window: Window, context: TriggerContext): TriggerResult {
    return this.#times.fire(time, window, context);
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
    return `ContinuousProcessingTimeTrigger(${this.#times.interval})`;
  }
}
