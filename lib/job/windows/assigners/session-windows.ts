// What sessions in either time have in common.
import type { TypeInformation } from '../../../api/type-information.ts';
import type { TimeWindow } from '../../../bytes/time-window.ts';
import { Types } from '../../../bytes/types.ts';
import type { Trigger } from '../triggers/trigger.ts';
import type { MergeWindows, MergingWindowAssigner, WindowAssignerContext } from '../window-assigner.ts';
import { mergeTimeWindows } from './merge-time-windows.ts';
import type { SessionGap } from './session-gap.ts';

/** Windows that end when there was no element of the key for the length of a gap. */
export abstract class SessionWindows<T> implements MergingWindowAssigner<T, TimeWindow> {
  abstract readonly isEventTime: boolean;
  readonly windowType: TypeInformation<TimeWindow> = Types.TIME_WINDOW;
  readonly #gap: SessionGap<T>;

  /** @internal */
  protected constructor(gap: SessionGap<T>) {
    this.#gap = gap;
  }

  abstract assignWindows(element: T, timestamp: number, context: WindowAssignerContext): readonly TimeWindow[];
  abstract getDefaultTrigger(): Trigger<unknown, TimeWindow>;

  /** A session of one element. */
  protected sessionOf(element: T, start: number): readonly TimeWindow[] {
    return [{ start, end: start + this.#gap.after(element) }];
  }

  mergeWindows(windows: readonly TimeWindow[], merge: MergeWindows<TimeWindow>): void {
    mergeTimeWindows(windows, merge);
  }

  /** Class and parameters, as in the names of operators. */
  toString(): string {
    return this.#gap.name;
  }
}
