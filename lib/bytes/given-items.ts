// What a caller gives to be added to a list or a map, as an array of our own: iterated over once, before anything is written.
import { describe, typeError } from '../errors.ts';

/** @throws TypeError `ERR_INVALID_LIST`. */
export function givenElements<T>(state: string, values: Iterable<T>): T[] {
  if (typeof values?.[Symbol.iterator] !== 'function') {
    throw typeError(
      'ERR_INVALID_LIST',
      `The values for list state '${state}' must be iterable; received ${describe(values)}.`,
    );
  }
  return [...values];
}

/** @throws TypeError `ERR_INVALID_MAP`. */
export function givenEntries<K, V>(
  state: string,
  entries: Iterable<readonly [K, V]>,
): readonly (readonly [key: K, value: V])[] {
  if (typeof entries?.[Symbol.iterator] !== 'function') {
    throw typeError(
      'ERR_INVALID_MAP',
      `The entries for map state '${state}' must be a Map or another iterable of [key, value]; received ${describe(entries)}.`,
    );
  }
  const given = [...entries];
  const wrong = given.findIndex((entry) => !Array.isArray(entry));
  if (wrong >= 0) {
    throw typeError(
      'ERR_INVALID_MAP',
      `Each entry for map state '${state}' must be [key, value]; received ${describe(given[wrong])} (at index ${wrong}).`,
    );
  }
  return given;
}
