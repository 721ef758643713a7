// Sessions in processing time.

import type { TimeWindow } from '../../../bytes/time-window.ts';
import type { DurationLike } from '../../watermarks/watermark-strategy.ts';
import { ProcessingTimeTrigger } from '../triggers/processing-time-trigger.ts';
import type { WindowAssignerContext } from '../window-assigner.ts';

import { dynamicGap, fixedGap, type SessionWindowTimeGapExtractor } from './session-gap.ts';
import { SessionWindows } from './session-windows.ts';

/**
 * Sessions of each key, in processing time: a window ends when there was no element for the length of a gap. Every element opens a
 * window from its time to the gap's end, and windows that overlap or touch become one.
 *
 * @example
 * ```ts
 * const sessions = ProcessingTimeSessionWindows.withGap('30 min');
 * ```
 */
export class ProcessingTimeSessionWindows<T = unknown> extends SessionWindows<T> {
  readonly isEventTime: boolean = false;

  /**
   * @param gap - milliseconds, or text such as `'30 min'`.
   * @throws RangeError `ERR_INVALID_WINDOW` unless the gap is longer than 0.
   */
  static withGap(gap: DurationLike): ProcessingTimeSessionWindows {
    return new ProcessingTimeSessionWindows(fixedGap('ProcessingTimeSessionWindows', gap));
  }

  /** Sessions whose gap each element says, for the time until the next element. */
  static withDynamicGap<T>(extract: SessionWindowTimeGapExtractor<T>): ProcessingTimeSessionWindows<T> {
    return new ProcessingTimeSessionWindows(dynamicGap('ProcessingTimeSessionWindows', extract));
  }

  /** @throws RangeError `ERR_INVALID_WINDOW` for a gap that is none. */
  assignWindows(element: T, _timestamp: number, context: WindowAssignerContext): readonly TimeWindow[] {
    return this.sessionOf(element, context.currentProcessingTime());
  }

  getDefaultTrigger(): ProcessingTimeTrigger {
    return ProcessingTimeTrigger.create();
  }
}
