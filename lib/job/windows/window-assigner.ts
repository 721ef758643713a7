// Which windows an element belongs to.
import type { TypeInformation } from '../../api/type-information.ts';
import type { Trigger } from './triggers/trigger.ts';
import type { Window } from './window.ts';

/** What an assigner may look at beside the element. */
export interface WindowAssignerContext {
  /** What the clock says, in milliseconds since 1970. */
  currentProcessingTime(): number;
}

/**
 * Assigns elements to windows. One assigner serves all keys and subtasks.
 *
 * @typeParam T - the elements.
 * @typeParam W - the windows.
 */
export interface WindowAssigner<T, W extends Window> {
  /** Whether windows end in event time; else they do in processing time. */
  readonly isEventTime: boolean;
  /** How windows are written where they are namespaces of state and timers. */
  readonly windowType: TypeInformation<W>;
  /**
   * The windows of an element; nobody changes them.
   *
   * @param timestamp - in event time; `-Infinity` for an element without a time.
   */
  assignWindows(element: T, timestamp: number, context: WindowAssignerContext): readonly W[];
  /** Decides when windows fire, unless the program names another trigger. */
  getDefaultTrigger(): Trigger<T, NoInfer<W>>;
}

/** Told of windows that become one, and of that one. */
export type MergeWindows<W> = (merged: readonly W[], result: W) => void;

/** Assigns every element to a window of its own, and then merges windows, as sessions are made. */
export interface MergingWindowAssigner<T, W extends Window> extends WindowAssigner<T, W> {
  /** Calls `merge` with each set of two or more windows that are to become one. */
  mergeWindows(windows: readonly W[], merge: MergeWindows<W>): void;
}

export function isMerging<T, W extends Window>(
  assigner: WindowAssigner<T, W>,
): assigner is MergingWindowAssigner<T, W> {
  return typeof (assigner as Partial<MergingWindowAssigner<T, W>>).mergeWindows === 'function';
}
