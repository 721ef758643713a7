// Functions that see every element, and may set timers.
import type { TimeDomain } from '../../api/timers.ts';
import type { OutputTag } from '../operators/output.ts';
import type { Collector, RichFunction } from './rich-function.ts';

/** Time, and in keyed streams timers of the current key. */
export interface TimerService {
  /** `-Infinity` before the first watermark. */
  readonly currentWatermark: number;
  /** Milliseconds since 1970. */
  currentProcessingTime(): number;
  /**
   * Has `onTimer` called once the watermark is at or after a time. There is one timer for a key and a time, however often it
   * is registered.
   *
   * @throws Error in a stream without keys, as all changes of timers do.
   */
  registerEventTimeTimer(timestamp: number): void;
  /** Has `onTimer` called once the clock is at or after a time. */
  registerProcessingTimeTimer(timestamp: number): void;
  deleteEventTimeTimer(timestamp: number): void;
  deleteProcessingTimeTimer(timestamp: number): void;
}

/** What a {@link ProcessFunction} is told beside the element. It is good until the call, or its promise, is done. */
export interface ProcessContext {
  /** Of the element, or of the timer; `-Infinity` for an element without one. */
  readonly timestamp: number;
  readonly timerService: TimerService;
  /** Puts a record out beside the main output, with this timestamp. */
  output<X>(tag: OutputTag<X>, value: X): void;
}

/** What functions on keyed streams are told beside the element. */
export interface KeyedProcessContext<K> extends ProcessContext {
  getCurrentKey(): K;
}

/** What functions on keyed streams are told beside the time of a timer. */
export interface OnTimerContext<K> extends KeyedProcessContext<K> {
  /** In which time the timer was due. */
  readonly timeDomain: TimeDomain;
}

/** Makes any number of records of each element. */
export interface ProcessFunction<I, O> extends RichFunction {
  /** When it answers a promise, the next call waits for that. */
  processElement(value: I, context: ProcessContext, out: Collector<O>): void | Promise<void>;
}

/**
 * Makes any number of records of each element, and of timers, with state of the element's key.
 *
 * @example
 * ```ts
 * const idle: KeyedProcessFunction<string, Click, string> = {
 *   processElement(click, { timestamp, timerService }) {
 *     timerService.registerEventTimeTimer(timestamp + 60_000);
 *   },
 *   onTimer(timestamp, context, out) {
 *     out.collect(`${context.getCurrentKey()} clicked a minute before ${timestamp}`);
 *   },
 * };
 * ```
 */
export interface KeyedProcessFunction<K, I, O> extends RichFunction {
  /** When it answers a promise, the next call waits for that. */
  processElement(value: I, context: KeyedProcessContext<K>, out: Collector<O>): void | Promise<void>;
  /** Called when a timer is due. Records have its time as their timestamp, in processing time they have none. */
  onTimer?(timestamp: number, context: OnTimerContext<K>, out: Collector<O>): void | Promise<void>;
}

/** As {@link ProcessFunction}, of two streams. */
export interface CoProcessFunction<I1, I2, O> extends RichFunction {
  processElement1(value: I1, context: ProcessContext, out: Collector<O>): void | Promise<void>;
  processElement2(value: I2, context: ProcessContext, out: Collector<O>): void | Promise<void>;
}

/** As {@link KeyedProcessFunction}, of two streams with the same keys, which share state and timers. */
export interface KeyedCoProcessFunction<K, I1, I2, O> extends RichFunction {
  processElement1(value: I1, context: KeyedProcessContext<K>, out: Collector<O>): void | Promise<void>;
  processElement2(value: I2, context: KeyedProcessContext<K>, out: Collector<O>): void | Promise<void>;
  /** As in {@link KeyedProcessFunction}. */
  onTimer?(timestamp: number, context: OnTimerContext<K>, out: Collector<O>): void | Promise<void>;
}
