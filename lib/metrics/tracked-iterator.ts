// Iterators of a map whose moves, and removals through them, are measured.
import type { MapStateEntry } from '../api/state.ts';
import type { Method, TrackedCall } from './operation-tracking.ts';

/** The calls that an iterator makes. */
export interface IteratorCalls {
  next(move: Method): unknown;
  /** Absent where the elements are no entries. */
  readonly remove: TrackedCall | undefined;
}

/** @param iterator - of entries, keys or values; synchronous or not. */
export function trackIterator(iterator: unknown, calls: IteratorCalls): unknown {
  return isAsync(iterator) ? trackAsync(iterator, calls) : trackSync(iterator as Iterator<unknown>, calls);
}

function isAsync(iterator: unknown): iterator is AsyncIterator<unknown> {
  return Symbol.asyncIterator in (iterator as object);
}

function* trackSync(iterator: Iterator<unknown>, calls: IteratorCalls): Generator<unknown, void, void> {
  const move = () => iterator.next();
  try {
    for (;;) {
      const { done, value } = calls.next(move) as IteratorResult<unknown>;
      if (done === true) {
        return;
      }
      yield withRemoval(value, calls);
    }
  } finally {
    iterator.return?.();
  }
}

async function* trackAsync(
  iterator: AsyncIterator<unknown>,
  calls: IteratorCalls,
): AsyncGenerator<unknown, void, void> {
  const move = () => iterator.next();
  try {
    for (;;) {
      const { done, value } = (await calls.next(move)) as IteratorResult<unknown>;
      if (done === true) {
        return;
      }
      yield withRemoval(value, calls);
    }
  } finally {
    await iterator.return?.();
  }
}

// An entry is made for one reader, so that it may be changed here.
function withRemoval(element: unknown, { remove }: IteratorCalls): unknown {
  if (remove !== undefined) {
    const entry = element as { remove: MapStateEntry<unknown, unknown>['remove'] };
    const original = entry.remove.bind(entry);
    entry.remove = () => remove(original);
  }
  return element;
}
