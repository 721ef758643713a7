// Functions of a window's elements alone, as those that are told of the window as well.
import type { ProcessWindowFunction, WindowFunction } from '../functions/window-functions.ts';
import type { Window } from './window.ts';

export function processWith<IN, OUT, K, W extends Window>(
  given: WindowFunction<IN, OUT, K, W>,
): ProcessWindowFunction<IN, OUT, K, W> {
  return {
    process(key, { window }, elements, out) {
      given.apply(key, window, elements, out);
    },
  };
}
