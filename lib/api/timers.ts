// Timers: something that is due at a time, for a key and a namespace, and survives in checkpoints with the state.
import type { TypeInformation } from './type-information.ts';

/** In which of the two times a timer is due: that of the records, or that of the clock. */
export type TimeDomain = 'EVENT_TIME' | 'PROCESSING_TIME';

/** A timer that is due. While it is handled, its key is the current one. */
export interface InternalTimer<K, N> {
  /** Milliseconds since 1970, or what the program counts event time in. */
  readonly timestamp: number;
  readonly key: K;
  readonly namespace: N;
}

/**
 * Told of timers that are due. A handler may register and delete timers, and use state. When it returns a promise, the next
 * timer waits for it.
 */
export interface Triggerable<K, N> {
  onEventTime(timer: InternalTimer<K, N>): void | Promise<void>;
  onProcessingTime(timer: InternalTimer<K, N>): void | Promise<void>;
}

/** How timers of one name are opened. */
export interface InternalTimerServiceOptions<K, N> {
  readonly namespaceType: TypeInformation<N>;
  readonly triggerable: Triggerable<K, N>;
  /** The clock of processing time, in milliseconds since 1970. Default `Date.now`. */
  readonly clock?: () => number;
}

/**
 * The timers of one name in a keyed backend, in event and in processing time. They are a set: registering one that there is
 * changes nothing. They are part of the backend's snapshots and savepoints, as `_timer_state/event_<name>` and
 * `_timer_state/processing_<name>`.
 *
 * Nothing fires by itself: whoever reads the input says how far time is, with {@link advanceWatermark} and
 * {@link advanceProcessingTime}. Those of the same key group fire in the order of time.
 *
 * Timestamps are safe integers, or `Infinity` for a timer that only the end of the input fires.
 *
 * @example
 * ```ts
 * const timers = keyed.getTimerService('user-timers', {
 *   namespaceType: Types.VOID,
 *   triggerable: { onEventTime: ({ key }) => console.log(key, 'is due'), onProcessingTime() {} },
 * });
 * keyed.setCurrentKey('whale');
 * timers.registerEventTimeTimer(undefined, 1_000);
 * await timers.advanceWatermark(5_000);
 * ```
 */
export interface InternalTimerService<N> {
  /** How far event time is: `-Infinity` until it is first advanced, also after a restore. */
  readonly currentWatermark: number;
  /** What the clock says. */
  currentProcessingTime(): number;
  /**
   * When the earliest timer in processing time is due; `undefined` without one. Whoever waits for time to pass wakes up then.
   */
  readonly nextProcessingTime: number | undefined;

  /**
   * Adds a timer for the current key, unless there is an equal one. One whose time has come fires with the next advance.
   *
   * @throws StateAccessError `ERR_NO_CURRENT_KEY`, or while a snapshot is being captured.
   * @throws RangeError `ERR_INVALID_TIMESTAMP` for what is no safe integer and not `Infinity`.
   */
  registerEventTimeTimer(namespace: N, timestamp: number): void;
  /** As {@link registerEventTimeTimer}, in processing time. */
  registerProcessingTimeTimer(namespace: N, timestamp: number): void;
  /** Removes a timer of the current key; nothing happens where there is none. Throws as registering does. */
  deleteEventTimeTimer(namespace: N, timestamp: number): void;
  /** As {@link deleteEventTimeTimer}, in processing time. */
  deleteProcessingTimeTimer(namespace: N, timestamp: number): void;

  /**
   * Says how far event time is, and fires what is due: timers at or before the watermark, each once. An earlier watermark
   * than the current one changes nothing. The event loop turns when there is much to do; the promise, which is absent when
   * all was done at once, settles with the last handler. Nothing else may use the backend meanwhile.
   *
   * @throws what a handler throws. Its timer is gone then; those after it are not.
   * @throws StateAccessError `ERR_TIMERS_FIRING` while timers of this service are being fired, as in a handler.
   */
  advanceWatermark(timestamp: number): void | Promise<void>;
  /** Fires the timers in processing time that are due, as {@link advanceWatermark}. Default: up to what the clock says. */
  advanceProcessingTime(timestamp?: number): void | Promise<void>;

  /** Calls `visit` with every timer in event time, in no order; its key is the current one then. It must not change timers. */
  forEachEventTimeTimer(visit: (namespace: N, timestamp: number) => void): void;
  /** As {@link forEachEventTimeTimer}, in processing time. */
  forEachProcessingTimeTimer(visit: (namespace: N, timestamp: number) => void): void;
  /** How many timers there are; with a namespace, those of the current key in it. It may have to read them all. */
  numEventTimeTimers(namespace?: N): number;
  /** As {@link numEventTimeTimers}, in processing time. */
  numProcessingTimeTimers(namespace?: N): number;
}
