// Fires a window at regular times of the clock.
import type { DurationLike } from '../../watermarks/watermark-strategy.ts';
import { windowStart } from '../assigners/aligned-windows.ts';
import type { Window } from '../window.ts';
import { toPositiveMilliseconds } from '../window-duration.ts';
import { FIRE_TIME, nextFireTime } from './fire-time.ts';
import type { OnMergeContext, Trigger, TriggerContext, TriggerResult } from './trigger.ts';

/** Fires whenever the clock is at a multiple of an interval, while the window has elements. */
export class ContinuousProcessingTimeTrigger implements Trigger<unknown, Window> {
  readonly #interval: number;

  private constructor(interval: number) {
    this.#interval = interval;
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
    if (context.getPartitionedState(FIRE_TIME).get() === undefined) {
      this.#registerNext(windowStart(context.currentProcessingTime(), 0, this.#interval), window, context);
    }
    return 'CONTINUE';
  }

  onEventTime(): TriggerResult {
    return 'CONTINUE';
  }

  onProcessingTime(time: number, window: Window, context: TriggerContext): TriggerResult {
    const fireTime = context.getPartitionedState(FIRE_TIME);
    if (fireTime.get() !== time) {
      return 'CONTINUE';
    }
    fireTime.clear();
    this.#registerNext(time, window, context);
    return 'FIRE';
  }

  clear(_window: Window, context: TriggerContext): void {
    const fireTime = context.getPartitionedState(FIRE_TIME);
    const time = fireTime.get();
    if (time !== undefined) {
      context.deleteProcessingTimeTimer(time);
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
      context.registerProcessingTimeTimer(time);
    }
  }

  toString(): string {
    return `ContinuousProcessingTimeTrigger(${this.#interval})`;
  }

  #registerNext(time: number, window: Window, context: TriggerContext): void {
    const next = nextFireTime(time, this.#interval, window);
    context.getPartitionedState(FIRE_TIME).add(next);
    context.registerProcessingTimeTimer(next);
  }
}
