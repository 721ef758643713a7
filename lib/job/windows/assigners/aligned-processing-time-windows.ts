// What tumbling and sliding windows of processing time have in common.
import type { TypeInformation } from '../../../api/type-information.ts';
import type { TimeWindow } from '../../../bytes/time-window.ts';
import { Types } from '../../../bytes/types.ts';
import { ProcessingTimeTrigger } from '../triggers/processing-time-trigger.ts';
import type { WindowAssigner, WindowAssignerContext } from '../window-assigner.ts';
import type { AlignedWindows } from './aligned-windows.ts';

/** Windows of one size that begin at regular times, in processing time. */
export abstract class AlignedProcessingTimeWindows implements WindowAssigner<unknown, TimeWindow> {
  readonly isEventTime: boolean = false;
  readonly windowType: TypeInformation<TimeWindow> = Types.TIME_WINDOW;
  readonly #windows: AlignedWindows;

  /** @internal */
  protected constructor(windows: AlignedWindows) {
    this.#windows = windows;
  }

  assignWindows(_element: unknown, _timestamp: number, context: WindowAssignerContext): readonly TimeWindow[] {
    return this.#windows.at(context.currentProcessingTime());
  }

  getDefaultTrigger(): ProcessingTimeTrigger {
    return ProcessingTimeTrigger.create();
  }

  /** Class and parameters, as in the names of operators. */
  toString(): string {
    return this.#windows.toString();
  }
}
