// Sessions in event time.

import type { TimeWindow } from '../../../bytes/time-window.ts';
import type { DurationLike } from '../../watermarks/watermark-strategy.ts';
import { checkTimestamp } from '../element-timestamp.ts';
import { EventTimeTrigger } from '../triggers/event-time-trigger.ts';
import { dynamicGap, fixedGap, type SessionWindowTimeGapExtractor } from './session-gap.ts';
import { SessionWindows } from './session-windows.ts';

/**
 * Sessions of each key, in event time: a window ends when there was no element for the length of a gap. Every element opens a
 * window from its time to the gap's end, and windows that overlap or touch become one.
 *
 * @example
 * ```ts
 * const sessions = EventTimeSessionWindows.withGap('30 min');
 * ```
 */
export class EventTimeSessionWindows<T = unknown> extends SessionWindows<T> {
  readonly isEventTime: boolean = true;

  /**
   * @param gap - milliseconds, or text such as `'30 min'`.
   * @throws RangeError `ERR_INVALID_WINDOW` unless the gap is longer than 0.
   */
  static withGap(gap: DurationLike): EventTimeSessionWindows {
    return new EventTimeSessionWindows(fixedGap('EventTimeSessionWindows', gap));
  }

  /** Sessions whose gap each element says, for the time until the next element. */
  static withDynamicGap<T>(extract: SessionWindowTimeGapExtractor<T>): EventTimeSessionWindows<T> {
    return new EventTimeSessionWindows(dynamicGap('EventTimeSessionWindows', extract));
  }

  /**
   * @throws TypeError `ERR_MISSING_TIMESTAMP` for an element without a time.
   * @throws RangeError `ERR_INVALID_WINDOW` for a gap that is none.
   */
  assignWindows(element: T, timestamp: number): readonly TimeWindow[] {
    checkTimestamp(timestamp);
    return this.sessionOf(element, timestamp);
  }

  getDefaultTrigger(): EventTimeTrigger {
    return EventTimeTrigger.create();
  }
}
