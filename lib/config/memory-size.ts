// Memory sizes as text: `64mb`, `4 kb`, `1g`.
import { describe, typeError } from '../errors.ts';

const KIB = 1024;
const UNITS: readonly (readonly [bytes: number, ...labels: string[]])[] = [
  [1, 'b', 'bytes'],
  [KIB, 'k', 'kb', 'kibibytes'],
  [KIB ** 2, 'm', 'mb', 'mebibytes'],
  [KIB ** 3, 'g', 'gb', 'gibibytes'],
  [KIB ** 4, 't', 'tb', 'tebibytes'],
];

/**
 * Reads a memory size as Flink does: digits and a unit (`b`, `kb`, `mb`, `gb`, `tb`, their first letters, or `kibibytes` and
 * so on; bytes when there is none), in any case. A kilobyte has 1024 bytes.
 *
 * @returns bytes.
 * @throws TypeError `ERR_INVALID_MEMORY_SIZE` for text that is no size, or one beyond the safe integers.
 */
export function parseMemorySize(text: string): number {
  const bytes = tryParseMemorySize(text);
  if (bytes === undefined) {
    throw typeError(
      'ERR_INVALID_MEMORY_SIZE',
      `A memory size is digits and a unit, such as '64mb'; received ${describe(text)}.`,
    );
  }
  return bytes;
}

/** As {@link parseMemorySize}, with `undefined` for what is no size. */
export function tryParseMemorySize(text: string): number | undefined {
  const [, digits = '', label = ''] = /^(\d+)\s*([a-z]*)$/.exec(text.trim().toLowerCase()) ?? [];
  const [unit] = label === '' ? [1] : (UNITS.find(([, ...labels]) => labels.includes(label)) ?? []);
  const bytes = unit === undefined || digits === '' ? Number.NaN : Number(digits) * unit;
  return Number.isSafeInteger(bytes) ? bytes : undefined;
}

/** The shortest exact text of a size: `67108864` is `64mb`. */
export function formatMemorySize(bytes: number): string {
  const [unit, label] = UNITS.findLast(([size]) => bytes >= size && bytes % size === 0) ?? [1, 'bytes'];
  return `${bytes / unit}${unit === 1 ? ' bytes' : unit === KIB ? 'kb' : `${label}b`}`;
}
