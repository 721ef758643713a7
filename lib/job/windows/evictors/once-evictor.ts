// What evictors share that drop elements either before or after the function.
import type { Window } from '../window.ts';
import type { Evictor, WindowElements } from './evictor.ts';

/** When an evictor drops elements: before the window's function is called (the default), or after it. */
export type EvictionTime = 'BEFORE' | 'AFTER';

export abstract class OnceEvictor<T> implements Evictor<T, Window> {
  readonly #time: EvictionTime;

  protected constructor(time: EvictionTime) {
    this.#time = time;
  }

  /** What stays; the elements given, when all do. */
  protected abstract evict<E extends T>(elements: WindowElements<E>): WindowElements<E>;

  evictBefore<E extends T>(elements: WindowElements<E>): WindowElements<E> {
    return this.#time === 'BEFORE' ? this.evict(elements) : elements;
  }

  evictAfter<E extends T>(elements: WindowElements<E>): WindowElements<E> {
    return this.#time === 'AFTER' ? this.evict(elements) : elements;
  }
}

/** The elements that are to stay; those given, when all are. */
export function keep<T>(
  elements: WindowElements<T>,
  stays: (element: WindowElements<T>[number]) => boolean,
): WindowElements<T> {
  return elements.every(stays) ? elements : elements.filter(stays);
}
