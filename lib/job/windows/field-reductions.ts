// Reductions by one field of elements that are objects or tuples.
import type { ReduceFunction } from '../../api/functions.ts';

/** The first element, with the sum of a field. */
export function sumOf<T, F extends keyof T>(field: F): ReduceFunction<T> {
  return (first, second) => withField(first, field, ((first[field] as number) + (second[field] as number)) as T[F]);
}

/** The first element, with the least value of a field. */
export function minOf<T, F extends keyof T>(field: F): ReduceFunction<T> {
  return (first, second) => (second[field] < first[field] ? withField(first, field, second[field]) : first);
}

/** The first element, with the greatest value of a field. */
export function maxOf<T, F extends keyof T>(field: F): ReduceFunction<T> {
  return (first, second) => (second[field] > first[field] ? withField(first, field, second[field]) : first);
}

/** The element with the least value of a field; the first one of several. */
export function minByOf<T, F extends keyof T>(field: F): ReduceFunction<T> {
  return (first, second) => (second[field] < first[field] ? second : first);
}

/** The element with the greatest value of a field; the first one of several. */
export function maxByOf<T, F extends keyof T>(field: F): ReduceFunction<T> {
  return (first, second) => (second[field] > first[field] ? second : first);
}

function withField<T, F extends keyof T>(element: T, field: F, value: T[F]): T {
  const copy = (Array.isArray(element) ? [...element] : { ...element }) as T;
  copy[field] = value;
  return copy;
}
