// Keeps the elements of a window that are close to the last one.
import type { DeltaFunction } from '../delta-function.ts';
import type { WindowElements } from './evictor.ts';
import { type EvictionTime, keep, OnceEvictor } from './once-evictor.ts';

/** Keeps the elements of a window whose distance to the last one is below a threshold. */
export class DeltaEvictor<T> extends OnceEvictor<T> {
  readonly #threshold: number;
  readonly #delta: DeltaFunction<T>;

  private constructor(threshold: number, delta: DeltaFunction<T>, time: EvictionTime) {
    super(time);
    this.#threshold = threshold;
    this.#delta = delta;
  }

  /** @param time - whether elements are dropped before the window's function is called, or after it. */
  static of<T>(threshold: number, delta: DeltaFunction<T>, time: EvictionTime = 'BEFORE'): DeltaEvictor<T> {
    return new DeltaEvictor(threshold, delta, time);
  }

  protected override evict<E extends T>(elements: WindowElements<E>): WindowElements<E> {
    const last = elements.at(-1);
    return last === undefined
      ? elements
      : keep(elements, ({ value }) => this.#delta(value, last.value) < this.#threshold);
  }

  override toString(): string {
    return `DeltaEvictor(${this.#threshold})`;
  }
}
