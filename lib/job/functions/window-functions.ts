// What programs do with the contents of a window.
import type { OutputTag } from '../operators/output.ts';
import type { Window } from '../windows/window.ts';
import type { Collector, KeyedStateStore, RichFunction } from './rich-function.ts';

/** What a {@link ProcessWindowFunction} is told of the window that fires. */
export interface ProcessWindowContext<W extends Window> {
  readonly window: W;
  /** `-Infinity` before the first watermark. */
  readonly currentWatermark: number;
  /** Milliseconds since 1970. */
  currentProcessingTime(): number;
  /**
   * State of the current key and this window; `clear` has to remove it.
   *
   * @throws Error for windows that merge, such as sessions: they have none.
   */
  windowState(): KeyedStateStore;
  /** State of the current key, which all its windows share. */
  globalState(): KeyedStateStore;
  /** Puts a record out beside the main output, with the window's timestamp. */
  output<X>(tag: OutputTag<X>, value: X): void;
}

/**
 * Makes what a window puts out, each time that it fires. It is synchronous.
 *
 * @typeParam IN - the elements; one only, the result, where the window reduces or aggregates.
 * @typeParam OUT - what is put out.
 * @typeParam K - the keys.
 * @typeParam W - the windows.
 * @example
 * ```ts
 * const count: ProcessWindowFunction<Click, string, string, TimeWindow> = {
 *   process(user, { window }, clicks, out) {
 *     out.collect(`${user}: ${clicks.length} until ${new Date(window.end).toISOString()}`);
 *   },
 * };
 * ```
 */
export interface ProcessWindowFunction<IN, OUT, K, W extends Window> extends RichFunction {
  process(key: K, context: ProcessWindowContext<W>, elements: readonly IN[], out: Collector<OUT>): void;
  /** Removes the state of a window that ends. */
  clear?(context: ProcessWindowContext<W>): void;
}

/** Makes what a window puts out, from its elements alone. It is synchronous. */
export interface WindowFunction<IN, OUT, K, W extends Window> extends RichFunction {
  apply(key: K, window: W, elements: readonly IN[], out: Collector<OUT>): void;
}
