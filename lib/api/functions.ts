// User functions that states call. They run in JavaScript, on the JS thread.

/** Combines two values of a type into one. It must be associative. */
export type ReduceFunction<T> = (first: T, second: T) => T;

/** Collects values in an accumulator. An accumulator handed in may be changed and returned. */
export interface AggregateFunction<IN, ACC, OUT> {
  createAccumulator(): ACC;
  add(value: IN, accumulator: ACC): ACC;
  getResult(accumulator: ACC): OUT;
  merge(first: ACC, second: ACC): ACC;
}
