// A counter per key, for tests of checkpoints.
import type { KeyedStateBackend } from '../../lib/api/backend.ts';
import { ValueStateDescriptor } from '../../lib/api/descriptors.ts';
import { Types } from '../../lib/bytes/types.ts';

export const COUNTER: ValueStateDescriptor<number> = new ValueStateDescriptor('counter', Types.INT);

/** Adds one to the counters of keys. Answers what they are then. */
export function count<K>(keyed: KeyedStateBackend<K>, keys: Iterable<K>): number[] {
  const counter = keyed.getState(COUNTER);
  return Array.from(keys, (key) => {
    keyed.setCurrentKey(key);
    counter.update((counter.value() ?? 0) + 1);
    return counter.value() ?? 0;
  });
}

/** The counters of keys; 0 for one without. */
export function counts<K>(keyed: KeyedStateBackend<K>, keys: Iterable<K>): number[] {
  const counter = keyed.getState(COUNTER);
  return Array.from(keys, (key) => {
    keyed.setCurrentKey(key);
    return counter.value() ?? 0;
  });
}

/** The integers from 0 up to `end`, exclusive. */
export function upTo(end: number): number[] {
  return Array.from({ length: end }, (_, index) => index);
}
