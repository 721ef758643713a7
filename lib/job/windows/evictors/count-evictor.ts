// Keeps the last elements of a window.
import { describe, rangeError } from '../../../errors.ts';
import type { WindowElements } from './evictor.ts';
import { type EvictionTime, OnceEvictor } from './once-evictor.ts';

/** Keeps so many elements of a window, the last ones. */
export class CountEvictor extends OnceEvictor<unknown> {
  readonly #maxCount: number;

  private constructor(maxCount: number, time: EvictionTime) {
    super(time);
    this.#maxCount = maxCount;
  }

  /**
   * @param maxCount - a number of elements, at least 0.
   * @param time - whether elements are dropped before the window's function is called, or after it.
   * @throws RangeError `ERR_INVALID_EVICTOR` for what is none.
   */
  static of(maxCount: number, time: EvictionTime = 'BEFORE'): CountEvictor {
    if (!Number.isSafeInteger(maxCount) || maxCount < 0) {
      throw rangeError(
        'ERR_INVALID_EVICTOR',
        `A CountEvictor needs a number of elements, at least 0; received ${describe(maxCount)}.`,
      );
    }
    return new CountEvictor(maxCount, time);
  }

  protected override evict<T>(elements: WindowElements<T>): WindowElements<T> {
    return elements.length <= this.#maxCount ? elements : elements.slice(elements.length - this.#maxCount);
  }

  override toString(): string {
    return `CountEvictor(${this.#maxCount})`;
  }
}
