// When a window fires.
import type { StateDescriptor } from '../../../api/descriptors.ts';
import type { MetricGroup } from '../../../api/metrics.ts';
import type { Window } from '../window.ts';

/** What becomes of a window: it fires, which puts out its result; its elements are dropped; both, in this order; or neither. */
export type TriggerResult = 'CONTINUE' | 'FIRE' | 'PURGE' | 'FIRE_AND_PURGE';

/** What a trigger may use. All of it belongs to the current key and window. */
export interface TriggerContext {
  /** `-Infinity` before the first watermark. */
  readonly currentWatermark: number;
  /** Milliseconds since 1970. */
  currentProcessingTime(): number;
  /** Has `onEventTime` called when the watermark is at or after a time. */
  registerEventTimeTimer(timestamp: number): void;
  /** Has `onProcessingTime` called when the clock is at or after a time. */
  registerProcessingTimeTimer(timestamp: number): void;
  deleteEventTimeTimer(timestamp: number): void;
  deleteProcessingTimeTimer(timestamp: number): void;
  /** State of the current key and window. `clear` has to remove what a trigger keeps in it. */
  getPartitionedState<S>(descriptor: StateDescriptor<S>): S;
  /** Of the operator. */
  readonly metricGroup: MetricGroup;
}

/** What a trigger may use when windows are merged: the current window is the one that they became. */
export interface OnMergeContext extends TriggerContext {
  /** Moves a state of the merged windows to the new one: of any kind that merges, so no value state and no map state. */
  mergePartitionedState(descriptor: StateDescriptor<unknown>): void;
}

/**
 * Decides when a window fires. One object serves all windows, keys and subtasks, so what it remembers of a window belongs
 * into state.
 *
 * @typeParam T - the elements.
 * @typeParam W - the windows.
 */
export interface Trigger<T, W extends Window> {
  /** Called with every element of a window, after it was added. */
  onElement(element: T, timestamp: number, window: W, context: TriggerContext): TriggerResult;
  /** Called when a timer in event time is due that a trigger of this window, or the operator, has registered. */
  onEventTime(time: number, window: W, context: TriggerContext): TriggerResult;
  /** As {@link onEventTime}, in processing time. */
  onProcessingTime(time: number, window: W, context: TriggerContext): TriggerResult;
  /** Removes all state and timers of a window that ends. */
  clear(window: W, context: TriggerContext): void;
  /** Whether `onMerge` works; only then the trigger serves windows that merge, such as sessions. Default: it does not. */
  canMerge?(): boolean;
  /** Called when windows have become `window`. They are cleared afterwards. */
  onMerge?(window: W, context: OnMergeContext): void;
}

export function isFire(result: TriggerResult): boolean {
  return result === 'FIRE' || result === 'FIRE_AND_PURGE';
}

export function isPurge(result: TriggerResult): boolean {
  return result === 'PURGE' || result === 'FIRE_AND_PURGE';
}
