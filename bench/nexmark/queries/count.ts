// Counts what is in a window of a key.
import type { AggregateFunction, Collector, ProcessWindowContext, TimeWindow } from '../../../lib/index.ts';
import type { Result } from '../results.ts';

export const COUNT: AggregateFunction<unknown, number, number> = {
  createAccumulator: () => 0,
  add: (_, count) => count + 1,
  getResult: (count) => count,
  merge: (first, second) => first + second,
};

/** Puts out key, count, start and end of the window. */
export function withWindow(
  key: number,
  { window: { start, end } }: ProcessWindowContext<TimeWindow>,
  [count]: readonly number[],
  out: Collector<Result>,
): void {
  out.collect([key, count as number, start, end]);
}
