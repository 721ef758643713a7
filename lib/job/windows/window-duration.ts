// Spans of time as programs give them: milliseconds, or text such as '10 s'.
import { tryParseDuration } from '../../config/duration.ts';
import { describe, rangeError } from '../../errors.ts';
import type { DurationLike } from '../watermarks/watermark-strategy.ts';

/**
 * @param what - as in "The size of tumbling windows".
 * @returns milliseconds, a safe integer.
 * @throws RangeError `ERR_INVALID_WINDOW` for what is none.
 */
export function toMilliseconds(what: string, duration: DurationLike): number {
  const ms = typeof duration === 'string' ? parseSigned(duration.trim()) : duration;
  if (!Number.isSafeInteger(ms)) {
    throw rangeError(
      'ERR_INVALID_WINDOW',
      `${what} must be whole milliseconds or text such as '10 s'; received ${describe(duration)}.`,
    );
  }
  return ms as number;
}

/** As {@link toMilliseconds}, of what must be at least 1 ms. */
export function toPositiveMilliseconds(what: string, duration: DurationLike): number {
  const ms = toMilliseconds(what, duration);
  if (ms <= 0) {
    throw rangeError('ERR_INVALID_WINDOW', `${what} must be longer than 0 ms; received ${describe(duration)}.`);
  }
  return ms;
}

function parseSigned(text: string): number | undefined {
  const ms = tryParseDuration(text.startsWith('-') ? text.slice(1) : text);
  return ms !== undefined && text.startsWith('-') ? -ms : ms;
}
