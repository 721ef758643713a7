// One window for all elements of a key, which only a trigger ends.
import type { TypeInformation } from '../../../api/type-information.ts';
import type { GlobalWindow } from '../../../bytes/global-window.ts';
import { Types } from '../../../bytes/types.ts';
import { EventTimeTrigger } from '../triggers/event-time-trigger.ts';
import { NeverTrigger } from '../triggers/never-trigger.ts';
import type { Trigger } from '../triggers/trigger.ts';
import type { WindowAssigner } from '../window-assigner.ts';

const WINDOWS: readonly GlobalWindow[] = ['GlobalWindow'];

/**
 * One window for all elements of a key. It never ends, so the program names a trigger that fires it, such as `CountTrigger`.
 */
export class GlobalWindows implements WindowAssigner<unknown, GlobalWindow> {
  // As Flink has it: nothing of the window is late, and no timer cleans it up.
  readonly isEventTime: boolean = false;
  readonly windowType: TypeInformation<GlobalWindow> = Types.GLOBAL_WINDOW;
  readonly #trigger: Trigger<unknown, GlobalWindow>;

  private constructor(trigger: Trigger<unknown, GlobalWindow>) {
    this.#trigger = trigger;
  }

  /** Unless the program names another trigger, the window never fires. */
  static create(): GlobalWindows {
    return new GlobalWindows(NeverTrigger.create());
  }

  /** Unless the program names another trigger, the window fires once, at the end of the input. */
  static createWithEndOfStreamTrigger(): GlobalWindows {
    return new GlobalWindows(EventTimeTrigger.create());
  }

  assignWindows(): readonly GlobalWindow[] {
    return WINDOWS;
  }

  getDefaultTrigger(): Trigger<unknown, GlobalWindow> {
    return this.#trigger;
  }

  toString(): string {
    return 'GlobalWindows()';
  }
}
