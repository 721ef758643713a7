// Reduce and aggregate functions for tests.
import type { AggregateFunction } from '../../lib/api/functions.ts';

export const sum = (first: number, second: number): number => first + second;

/** Not commutative: tells the order of its arguments. */
export const concatenate = (first: string, second: string): string => first + second;

export interface Sum {
  total: number;
}

/** Changes the accumulator that it is given. */
export const mutableSum: AggregateFunction<number, Sum, number> = {
  createAccumulator: () => ({ total: 0 }),
  add(value, accumulator) {
    accumulator.total += value;
    return accumulator;
  },
  getResult: ({ total }) => total,
  merge(first, second) {
    first.total += second.total;
    return first;
  },
};

/** Makes a new accumulator every time. */
export const immutableSum: AggregateFunction<number, Sum, number> = {
  createAccumulator: () => Object.freeze({ total: 0 }),
  add: (value, { total }) => Object.freeze({ total: total + value }),
  getResult: ({ total }) => total,
  merge: (first, second) => Object.freeze({ total: first.total + second.total }),
};

export const maximum: AggregateFunction<number, number, number> = {
  createAccumulator: () => Number.MIN_SAFE_INTEGER,
  add: Math.max,
  getResult: (accumulator) => accumulator,
  merge: Math.max,
};

/** The mean of the values, by their sum and number. */
export const mean: AggregateFunction<number, [sum: number, count: number], number> = {
  createAccumulator: () => [0, 0],
  add: (value, [total, count]) => [total + value, count + 1],
  getResult: ([total, count]) => total / count,
  merge: ([total, count], [otherTotal, otherCount]) => [total + otherTotal, count + otherCount],
};
