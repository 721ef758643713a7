// Which elements of a window are dropped when it fires.
import type { MetricGroup } from '../../../api/metrics.ts';
import type { TimestampedValue } from '../timestamped-value.ts';
import type { Window } from '../window.ts';

/** What an evictor may look at beside the elements. */
export interface EvictorContext {
  /** `-Infinity` before the first watermark. */
  readonly currentWatermark: number;
  /** Milliseconds since 1970. */
  currentProcessingTime(): number;
  /** Of the operator. */
  readonly metricGroup: MetricGroup;
}

/** The elements of a window, in the order of their arrival. */
export type WindowElements<T> = readonly TimestampedValue<T>[];

/**
 * Drops elements of a window that fires, before or after its function is called. A window with an evictor keeps all its
 * elements, also where the function reduces or aggregates.
 *
 * @typeParam T - the elements.
 * @typeParam W - the windows.
 */
export interface Evictor<T, W extends Window> {
  /** Answers the elements that the function gets, and which stay: those given, when nothing is dropped. */
  evictBefore(elements: WindowElements<T>, window: W, context: EvictorContext): WindowElements<T>;
  /** Answers the elements that stay of those that the function had. */
  evictAfter(elements: WindowElements<T>, window: W, context: EvictorContext): WindowElements<T>;
}
