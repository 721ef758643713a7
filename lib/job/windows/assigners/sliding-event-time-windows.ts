// Windows of one size of which a new one begins at every slide, in event time.
import type { DurationLike } from '../../watermarks/watermark-strategy.ts';
import { AlignedEventTimeWindows } from './aligned-event-time-windows.ts';
import { AlignedWindows } from './aligned-windows.ts';

/**
 * Windows of one size that overlap: a new one begins at every slide. In event time.
 *
 * @example
 * ```ts
 * const windows = SlidingEventTimeWindows.of('1 h', '5 min');
 * ```
 */
export class SlidingEventTimeWindows extends AlignedEventTimeWindows {
  /**
   * @param size - milliseconds, or text such as `'10 s'`.
   * @param slide - from one beginning to the next.
   * @param offset - moves the beginnings of windows, which are multiples of the slide since 1970 in UTC. Shorter than the slide.
   * @throws RangeError `ERR_INVALID_WINDOW` unless size > 0 and |offset| < slide.
   */
  static of(size: DurationLike, slide: DurationLike, offset: DurationLike = 0): SlidingEventTimeWindows {
    return new SlidingEventTimeWindows(new AlignedWindows('SlidingEventTimeWindows', { size, slide, offset }));
  }
}
