// Windows of one length that begin at regular times, the same for all keys.

import type { TimeWindow } from '../../../bytes/time-window.ts';
import { rangeError } from '../../../errors.ts';
import type { DurationLike } from '../../watermarks/watermark-strategy.ts';
import { toMilliseconds } from '../window-duration.ts';

/** The last beginning at or before a time, of those that are `offset` after a multiple of `slide`. */
export function windowStart(timestamp: number, offset: number, slide: number): number {
  const remainder = (timestamp - offset) % slide;
  return timestamp - (remainder < 0 ? remainder + slide : remainder);
}

/** Where windows are. Those that tumble have a slide as long as they are. */
export interface WindowGrid {
  readonly size: DurationLike;
  readonly slide: DurationLike;
  readonly offset: DurationLike;
}

export class AlignedWindows {
  readonly #name: string;
  readonly #size: number;
  readonly #slide: number;
  readonly #offset: number;
  // Windows that were given out last, for the times in [from, until).
  #windows: readonly TimeWindow[] = [];
  #from = Number.POSITIVE_INFINITY;
  #until = Number.NEGATIVE_INFINITY;

  /** @throws RangeError `ERR_INVALID_WINDOW` unless the size is positive and the offset shorter than the slide. */
  constructor(name: string, { size, slide, offset }: WindowGrid) {
    this.#name = name;
    this.#size = toMilliseconds(`The size of ${name}`, size);
    this.#slide = toMilliseconds(`The slide of ${name}`, slide);
    this.#offset = toMilliseconds(`The offset of ${name}`, offset);
    if (!(Math.abs(this.#offset) < this.#slide && this.#size > 0)) {
      throw rangeError(
        'ERR_INVALID_WINDOW',
        `${name} must have size > 0 and |offset| < ${this.#slide === this.#size ? 'size' : 'slide'}; received ` +
          `size ${this.#size} ms, slide ${this.#slide} ms, offset ${this.#offset} ms.`,
      );
    }
  }

  /** The windows that a time is in, the last one first. */
  at(timestamp: number): readonly TimeWindow[] {
    if (timestamp < this.#from || timestamp >= this.#until) {
      this.#assign(timestamp);
    }
    return this.#windows;
  }

  toString(): string {
    const lengths = this.#slide === this.#size ? [this.#size] : [this.#size, this.#slide];
    return `${this.#name}(${lengths.join(', ')})`;
  }

  #assign(timestamp: number): void {
    const last = windowStart(timestamp, this.#offset, this.#slide);
    const windows: TimeWindow[] = [];
    for (let start = last; start > timestamp - this.#size; start -= this.#slide) {
      // Neighbouring steps have windows in common. Who holds on to one may rely on it.
      const known = this.#windows.find((window) => window.start === start);
      windows.push(known ?? Object.freeze({ start, end: start + this.#size }));
    }
    this.#windows = windows;
    // All times of a step have the same windows only when the size is so many steps.
    const isSame = this.#size % this.#slide === 0;
    this.#from = isSame ? last : timestamp;
    this.#until = isSame ? last + this.#slide : timestamp;
  }
}
