// Windows of one size of which a new one begins at every slide, in processing time.
import type { DurationLike } from '../../watermarks/watermark-strategy.ts';
import { AlignedProcessingTimeWindows } from './aligned-processing-time-windows.ts';
import { AlignedWindows } from './aligned-windows.ts';

/**
 * Windows of one size that overlap: a new one begins at every slide. In processing time.
 *
 * @example
 * ```ts
 * const windows = SlidingProcessingTimeWindows.of('1 h', '5 min');
 * ```
 */
export class SlidingProcessingTimeWindows extends AlignedProcessingTimeWindows {
  /**
   * @param size - milliseconds, or text such as `'10 s'`.
   * @param slide - from one beginning to the next.
   * @param offset - moves the beginnings of windows, which are multiples of the slide since 1970 in UTC. Shorter than the slide.
   * @throws RangeError `ERR_INVALID_WINDOW` unless size > 0 and |offset| < slide.
   */
  static of(size: DurationLike, slide: DurationLike, offset: DurationLike = 0): SlidingProcessingTimeWindows {
    return new SlidingProcessingTimeWindows(
      new AlignedWindows('SlidingProcessingTimeWindows', { size, slide, offset }),
    );
  }
}
