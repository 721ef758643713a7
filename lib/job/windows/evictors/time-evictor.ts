// Keeps the newest elements of a window.

import { NO_TIMESTAMP } from '../../operators/output.ts';
import type { DurationLike } from '../../watermarks/watermark-strategy.ts';
import { toMilliseconds } from '../window-duration.ts';
import type { WindowElements } from './evictor.ts';
import { type EvictionTime, keep, OnceEvictor } from './once-evictor.ts';

/**
 * Keeps the elements of a window that are less than a span of time older than the newest one. Where elements have no
 * timestamps, all stay.
 */
export class TimeEvictor extends OnceEvictor<unknown> {
  readonly #spanMs: number;

  private constructor(spanMs: number, time: EvictionTime) {
    super(time);
    this.#spanMs = spanMs;
  }

  /**
   * @param span - milliseconds, or text such as `'10 s'`.
   * @param time - whether elements are dropped before the window's function is called, or after it.
   * @throws RangeError `ERR_INVALID_WINDOW` for what is no span of time.
   */
  static of(span: DurationLike, time: EvictionTime = 'BEFORE'): TimeEvictor {
    return new TimeEvictor(toMilliseconds('The span of a TimeEvictor', span), time);
  }

  protected override evict<T>(elements: WindowElements<T>): WindowElements<T> {
    // As in Flink, the first element tells whether the stream has timestamps.
    if ((elements[0]?.timestamp ?? NO_TIMESTAMP) === NO_TIMESTAMP) {
      return elements;
    }
    const newest = elements.reduce((max, { timestamp }) => Math.max(max, timestamp), NO_TIMESTAMP);
    return keep(elements, ({ timestamp }) => timestamp > newest - this.#spanMs);
  }

  override toString(): string {
    return `TimeEvictor(${this.#spanMs})`;
  }
}
