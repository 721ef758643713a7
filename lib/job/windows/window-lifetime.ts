// Until when a window takes elements, and when all that is kept of it is removed.
import type { InternalTimerService, TimeDomain } from '../../api/timers.ts';
import { MAX_WATERMARK } from '../operators/output.ts';
import { maxTimestamp, type Window } from './window.ts';
import type { WindowTriggerContext } from './window-trigger-context.ts';

/** What the lifetime of windows depends on. */
export interface WindowTimes {
  /** Whether windows end in event time. */
  readonly isEventTime: boolean;
  /** How long elements may be late, in milliseconds. */
  readonly allowedLateness: number;
}

export class WindowLifetime<W extends Window> {
  readonly #isEventTime: boolean;
  readonly #allowedLateness: number;
  readonly #timers: InternalTimerService<W>;

  constructor({ isEventTime, allowedLateness }: WindowTimes, timers: InternalTimerService<W>) {
    this.#isEventTime = isEventTime;
    this.#allowedLateness = isEventTime ? allowedLateness : 0;
    this.#timers = timers;
  }

  /** Whether a window takes no elements any more. */
  isOver(window: W): boolean {
    return this.#isEventTime && this.#cleanupTime(window) <= this.#timers.currentWatermark;
  }

  /** Whether a window ended in processing time, or is not kept any more in event time. */
  isPast(window: W): boolean {
    return this.#isEventTime ? this.isOver(window) : maxTimestamp(window) <= this.#timers.currentProcessingTime();
  }

  /** Whether an element comes too late for any window that ends with it. */
  isElementLate(timestamp: number): boolean {
    return this.#isEventTime && timestamp + this.#allowedLateness <= this.#timers.currentWatermark;
  }

  /** Whether a timer says that the window is to be removed. */
  isCleanupTime(window: W, timestamp: number, domain: TimeDomain): boolean {
    return this.#isEventTime === (domain === 'EVENT_TIME') && timestamp === this.#cleanupTime(window);
  }

  /** @param context - of the window's trigger, which often has registered a timer for the same time. */
  registerCleanup(window: W, context: WindowTriggerContext<W>): void {
    const time = this.#cleanupTime(window);
    if (time === MAX_WATERMARK) {
      return;
    }
    if (this.#isEventTime) {
      context.ensureEventTimeTimer(time);
    } else {
      context.ensureProcessingTimeTimer(time);
    }
  }

  /** @param context - of the window's trigger, which often has deleted the timer. */
  deleteCleanup(window: W, context: WindowTriggerContext<W>): void {
    const time = this.#cleanupTime(window);
    if (time === MAX_WATERMARK) {
      return;
    }
    if (this.#isEventTime) {
      context.ensureNoEventTimeTimer(time);
    } else {
      context.ensureNoProcessingTimeTimer(time);
    }
  }

  // Infinity for a window that is never removed, as its time is beyond what timers can have.
  #cleanupTime(window: W): number {
    const time = maxTimestamp(window) + this.#allowedLateness;
    return time > Number.MAX_SAFE_INTEGER ? MAX_WATERMARK : time;
  }
}
