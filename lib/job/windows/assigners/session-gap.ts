// After which time without elements a session ends: the same for all, or what each element says.

import { describe, rangeError } from '../../../errors.ts';
import type { DurationLike } from '../../watermarks/watermark-strategy.ts';
import { toPositiveMilliseconds } from '../window-duration.ts';

/** Answers the gap after an element, in whole milliseconds, more than 0. */
export type SessionWindowTimeGapExtractor<T> = (element: T) => number;

export interface SessionGap<T> {
  /** Of the assigner that has this gap. */
  readonly name: string;
  /** Milliseconds. */
  after(element: T): number;
}

/** @throws RangeError `ERR_INVALID_WINDOW` unless the gap is longer than 0. */
export function fixedGap(assigner: string, gap: DurationLike): SessionGap<unknown> {
  const ms = toPositiveMilliseconds(`The gap of ${assigner}`, gap);
  return { name: `${assigner}(${ms})`, after: () => ms };
}

/** `after` throws a RangeError `ERR_INVALID_WINDOW` for what is no gap. */
export function dynamicGap<T>(assigner: string, extract: SessionWindowTimeGapExtractor<T>): SessionGap<T> {
  return {
    name: `${assigner}(dynamic)`,
    after(element) {
      const gap = extract(element);
      if (!Number.isSafeInteger(gap) || gap <= 0) {
        throw rangeError(
          'ERR_INVALID_WINDOW',
          `The dynamic gap of ${assigner} must be whole milliseconds, more than 0; received ${describe(gap)}.`,
        );
      }
      return gap;
    },
  };
}
