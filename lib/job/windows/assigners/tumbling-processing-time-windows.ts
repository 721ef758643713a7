// Windows of one size that follow one another, in processing time.
import type { DurationLike } from '../../watermarks/watermark-strategy.ts';
import { AlignedProcessingTimeWindows } from './aligned-processing-time-windows.ts';
import { AlignedWindows } from './aligned-windows.ts';

/**
 * Windows of one size that follow one another without overlapping, in processing time.
 *
 * @example
 * ```ts
 * const windows = TumblingProcessingTimeWindows.of('1 min');
 * ```
 */
export class TumblingProcessingTimeWindows extends AlignedProcessingTimeWindows {
  /**
   * @param size - milliseconds, or text such as `'10 s'`.
   * @param offset - moves the beginnings of windows, which are multiples of the size since 1970 in UTC: windows of a day begin
   *   at midnight in China with `'-8 h'`. Shorter than the size.
   * @throws RangeError `ERR_INVALID_WINDOW` unless size > 0 and |offset| < size.
   */
  static of(size: DurationLike, offset: DurationLike = 0): TumblingProcessingTimeWindows {
    return new TumblingProcessingTimeWindows(
      new AlignedWindows('TumblingProcessingTimeWindows', { size, slide: size, offset }),
    );
  }
}
