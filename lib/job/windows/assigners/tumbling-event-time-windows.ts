// Windows of one size that follow one another, in event time.
import type { DurationLike } from '../../watermarks/watermark-strategy.ts';
import { AlignedEventTimeWindows } from './aligned-event-time-windows.ts';
import { AlignedWindows } from './aligned-windows.ts';

/**
 * Windows of one size that follow one another without overlapping, in event time.
 *
 * @example
 * ```ts
 * const windows = TumblingEventTimeWindows.of('1 min');
 * ```
 */
export class TumblingEventTimeWindows extends AlignedEventTimeWindows {
  /**
   * @param size - milliseconds, or text such as `'10 s'`.
   * @param offset - moves the beginnings of windows, which are multiples of the size since 1970 in UTC: windows of a day begin
   *   at midnight in China with `'-8 h'`. Shorter than the size.
   * @throws RangeError `ERR_INVALID_WINDOW` unless size > 0 and |offset| < size.
   */
  static of(size: DurationLike, offset: DurationLike = 0): TumblingEventTimeWindows {
    return new TumblingEventTimeWindows(new AlignedWindows('TumblingEventTimeWindows', { size, slide: size, offset }));
  }
}
