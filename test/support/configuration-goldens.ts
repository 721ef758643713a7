// What a released Flink makes of texts of options and of configuration files, and where we differ.
import { isDeepStrictEqual } from 'node:util';
import {
  type ConfigOption,
  type ConfigOptionBuilder,
  ConfigOptions,
  type TypedConfigOptionBuilder,
} from '../../lib/config/config-option.ts';
import { readGoldens } from './flink-goldens.ts';

/** A text, and its value, which is missing where Flink refuses it. */
export type Answer = readonly [text: string, value?: unknown];

export type GoldenOptionType =
  | 'string'
  | 'boolean'
  | 'int'
  | 'long'
  | 'double'
  | 'memory'
  | 'duration'
  | 'enum'
  | 'strings'
  | 'ints'
  | 'enums'
  | 'map';

/** As {@link Answer}, of an option of a type. */
export type OptionAnswer = readonly [type: GoldenOptionType, text: string, value?: unknown];

interface ConfigurationGoldens {
  readonly memorySizes: readonly Answer[];
  readonly durations: readonly Answer[];
  readonly options: readonly OptionAnswer[];
  readonly files: readonly {
    readonly yaml: string;
    readonly refused?: true;
    /** By key and type of option. */
    readonly values?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  }[];
}

export const goldens: ConfigurationGoldens = readGoldens('configuration');

const STYLES = ['LEVEL', 'UNIVERSAL', 'FIFO', 'NONE'] as const;

const TYPES: Readonly<Record<GoldenOptionType, (key: ConfigOptionBuilder) => TypedConfigOptionBuilder<unknown>>> = {
  string: (key) => key.stringType(),
  boolean: (key) => key.booleanType(),
  int: (key) => key.intType(),
  long: (key) => key.longType(),
  double: (key) => key.doubleType(),
  memory: (key) => key.memoryType(),
  duration: (key) => key.durationType(),
  enum: (key) => key.enumType(STYLES),
  strings: (key) => key.stringType().asList(),
  ints: (key) => key.intType().asList(),
  enums: (key) => key.enumType(STYLES).asList(),
  map: (key) => key.mapType(),
};

export const OPTION_TYPES: readonly GoldenOptionType[] = Object.keys(TYPES) as GoldenOptionType[];

/** An option as those that Flink was asked for. */
export function goldenOption(type: GoldenOptionType, key: string): ConfigOption<unknown> {
  return TYPES[type](ConfigOptions.key(key)).noDefaultValue() as ConfigOption<unknown>;
}

/** What `read` answers, or `undefined` when it refuses with an error of ours. */
export function answerOf(read: () => unknown): unknown {
  try {
    return read();
  } catch (error) {
    if ((error as { code?: string }).code?.startsWith('ERR_INVALID_')) {
      return undefined;
    }
    throw error;
  }
}

/** What an option of a type is for Flink and for us; `undefined` when it is refused. */
export interface Reading {
  readonly type: GoldenOptionType;
  readonly text: string;
  readonly flink: unknown;
  readonly ours: unknown;
}

/** Where we differ on purpose; docs/architecture.md says why. */
const DIFFERENCES: Readonly<Record<string, (reading: Reading) => boolean>> = {
  'integers beyond the safe ones are refused': ({ flink, ours }) =>
    typeof flink === 'number' && flink > Number.MAX_SAFE_INTEGER && ours === undefined,
  'doubles are finite': ({ type, flink, ours }) => type === 'double' && typeof flink === 'string' && ours === undefined,
  "doubles have no suffix, as Java's have": ({ type, text, ours }) =>
    type === 'double' && /^\d[df]$/.test(text) && ours === undefined,
  'spaces around a value count for nothing': ({ text, flink, ours }) =>
    flink === undefined && ours !== undefined && text !== text.trim(),
  'decimal numbers of YAML keep their text': ({ type, flink, ours }) =>
    ['string', 'strings', 'map'].includes(type) && ours !== undefined && samePlainNumbers(flink, ours),
  'a list or mapping is no text': ({ type, flink, ours }) =>
    ['string', 'strings', 'map'].includes(type) && ours === undefined && /"[[{]|[\]}]"/.test(JSON.stringify(flink)),
  'keys of a mapping are text': ({ type, text, ours }) => type === 'map' && text === '{1: 2}' && ours === undefined,
};

function samePlainNumbers(flink: unknown, ours: unknown): boolean {
  const toNumbers = (value: unknown) =>
    JSON.stringify(value)
      .replaceAll(/\.(inf|nan)/gi, (_, word) => (/inf/i.test(word) ? 'Infinity' : 'NaN'))
      .replaceAll(/"(-?[\d.eE+-]+)"/g, (_, text) => `"${Number(text)}"`);
  return toNumbers(flink) === toNumbers(ours);
}

/** The readings that differ, by the difference that explains them; those that none explains are under `unexplained`. */
export function differing(readings: Iterable<Reading>): Readonly<Record<string, readonly Reading[]>> {
  const found: Record<string, Reading[]> = { unexplained: [] };
  for (const reading of readings) {
    if (!isDeepStrictEqual(reading.flink, reading.ours)) {
      const reason = Object.keys(DIFFERENCES).find((each) => DIFFERENCES[each]?.(reading)) ?? 'unexplained';
      found[reason] = [...(found[reason] ?? []), reading];
    }
  }
  return found;
}

/** The names of all differences. */
export const DIFFERENCE_NAMES: readonly string[] = Object.keys(DIFFERENCES);
