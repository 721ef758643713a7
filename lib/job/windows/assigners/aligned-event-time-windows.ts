// What tumbling and sliding windows of event time have in common.
import type { TypeInformation } from '../../../api/type-information.ts';
import type { TimeWindow } from '../../../bytes/time-window.ts';
import { Types } from '../../../bytes/types.ts';
import { checkTimestamp } from '../element-timestamp.ts';
import { EventTimeTrigger } from '../triggers/event-time-trigger.ts';
import type { WindowAssigner } from '../window-assigner.ts';
import type { AlignedWindows } from './aligned-windows.ts';

/** Windows of one size that begin at regular times, in event time. */
export abstract class AlignedEventTimeWindows implements WindowAssigner<unknown, TimeWindow> {
  readonly isEventTime: boolean = true;
  readonly windowType: TypeInformation<TimeWindow> = Types.TIME_WINDOW;
  readonly #windows: AlignedWindows;

  /** @internal */
  protected constructor(windows: AlignedWindows) {
    this.#windows = windows;
  }

  /** @throws TypeError `ERR_MISSING_TIMESTAMP` for an element without a time. */
  assignWindows(_element: unknown, timestamp: number): readonly TimeWindow[] {
    checkTimestamp(timestamp);
    return this.#windows.at(timestamp);
  }

  getDefaultTrigger(): EventTimeTrigger {
    return EventTimeTrigger.create();
  }

  /** Class and parameters, as in the names of operators. */
  toString(): string {
    return this.#windows.toString();
  }
}
