// Durations as text: `10 min`, `500ms`, `1d`.
import { describe, typeError } from '../errors.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const ISO_UNITS = [DAY, HOUR, MINUTE, SECOND];

// Singular labels take an `s` as well, where Flink allows it.
const UNITS: readonly (readonly [ms: number, ...labels: string[]])[] = [
  [DAY, 'd', 'day', 'days'],
  [HOUR, 'h', 'hour', 'hours'],
  [MINUTE, 'min', 'm', 'minute', 'minutes'],
  [SECOND, 's', 'sec', 'secs', 'second', 'seconds'],
  [1, 'ms', 'milli', 'millis', 'millisecond', 'milliseconds'],
  [1e-3, 'µs', 'micro', 'micros', 'microsecond', 'microseconds'],
  [1e-6, 'ns', 'nano', 'nanos', 'nanosecond', 'nanoseconds'],
];

// ISO 8601, as far as Java reads it: nothing longer than days.
const ISO = /^p(?!$)(?:(\d+)d)?(?:t(?!$)(?:(\d+)h)?(?:(\d+)m)?(?:(\d+(?:[.,]\d{0,9})?)s)?)?$/;

/**
 * Reads a duration as Flink does: digits and a unit (`d`, `h`, `min`, `s`, `ms`, `µs`, `ns`, or words such as `days`;
 * milliseconds when there is none), or ISO 8601 (`PT1H30M`).
 *
 * @returns milliseconds.
 * @throws TypeError `ERR_INVALID_DURATION` for text that is no duration.
 */
export function parseDuration(text: string): number {
  const ms = tryParseDuration(text);
  if (ms === undefined) {
    throw typeError(
      'ERR_INVALID_DURATION',
      `A duration is digits and a unit, such as '10 min'; received ${describe(text)}.`,
    );
  }
  return ms;
}

/** As {@link parseDuration}, with `undefined` for what is no duration. */
export function tryParseDuration(text: string): number | undefined {
  const trimmed = text.trim().toLowerCase();
  const ms = isoDuration(trimmed) ?? simpleDuration(trimmed);
  return ms !== undefined && ms <= Number.MAX_SAFE_INTEGER ? ms : undefined;
}

function simpleDuration(text: string): number | undefined {
  const [, digits = '', label = ''] = /^(\d+)\s*([a-zµ]*)$/.exec(text) ?? [];
  const [unit] = label === '' ? [1] : (UNITS.find(([, ...labels]) => labels.includes(label)) ?? []);
  return unit === undefined || digits === '' ? undefined : Number(digits) * unit;
}

function isoDuration(text: string): number | undefined {
  const parts = ISO.exec(text)?.slice(1);
  return parts?.reduce((sum, part = '0', index) => sum + Number(part.replace(',', '.')) * (ISO_UNITS[index] ?? 0), 0);
}

/** The shortest exact text of a duration: `600000` is `10 min`. */
export function formatDuration(ms: number): string {
  const [unit, label] = UNITS.find(([size]) => ms >= size && Number.isInteger(ms / size)) ?? [1, 'ms'];
  return `${ms / unit} ${label}`;
}
