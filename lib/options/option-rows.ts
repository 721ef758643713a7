// What a table of options is made of: one row per option, and what is derived from the rows.
import { type ConfigOption, ConfigOptions, type TypedConfigOptionBuilder } from '../config/config-option.ts';
import { ENUMS, type EnumName } from './enums.ts';

interface ValueTypes {
  readonly string: string;
  readonly boolean: boolean;
  readonly int: number;
  readonly long: number;
  readonly double: number;
  /** Bytes. */
  readonly memory: number;
  /** Milliseconds. */
  readonly duration: number;
}

/** What else must hold for a value, by name. */
const CHECKS: Readonly<Record<string, { readonly expected: string; accepts(value: never): boolean }>> = {
  positive: { expected: 'more than 0', accepts: (value: number) => value > 0 },
  nonNegative: { expected: '0 or more', accepts: (value: number) => value >= 0 },
  fraction: { expected: 'from 0 to 1', accepts: (value: number) => value >= 0 && value <= 1 },
  openFraction: { expected: 'between 0 and 1, both exclusive', accepts: (value: number) => value > 0 && value < 1 },
  fromFiveMebibytes: { expected: 'at least 5mb', accepts: (value: number) => value >= 5 * 1024 * 1024 },
  upToOneMebibyte: { expected: 'at most 1mb', accepts: (value: number) => value <= 1024 * 1024 },
  offOrFromEightKibibytes: {
    expected: '0, or from 8kb to 2gb',
    accepts: (value: number) => value === 0 || (value >= 8 * 1024 && value <= 2 * 1024 ** 3),
  },
  absolutePath: { expected: 'an absolute path', accepts: (value: string) => /^(\/|[A-Za-z]:[\\/])/.test(value) },
};

/** One option. */
export interface OptionRow {
  readonly key: string;
  readonly type: keyof ValueTypes | 'enum' | 'enumList';
  /** As in a configuration file; `undefined` without one. */
  readonly default?: string | number | boolean | undefined;
  /** The enumeration, of those in `ENUMS`. */
  readonly of?: keyof typeof ENUMS;
  readonly deprecatedKeys?: readonly string[];
  readonly fallbackKeys?: readonly string[];
  /** Name of a check in `CHECKS`. */
  readonly check?: string;
  /** RocksDB's name of the option, for options that are passed to it. */
  readonly rocksdb?: string;
  readonly doc: string;
  /** Whether values are never shown. */
  readonly secret?: boolean;
  /** Why setting it has no effect here; said to whoever sets it. */
  readonly unused?: string;
}

export type OptionRows = Readonly<Record<string, OptionRow>>;

/** The type of a row's values. */
export type RowValue<R extends OptionRow> = R['type'] extends keyof ValueTypes
  ? ValueTypes[R['type']]
  : R extends { readonly of: infer E extends keyof typeof ENUMS }
    ? R['type'] extends 'enum'
      ? EnumName<E>
      : readonly EnumName<E>[]
    : never;

type RowDefault<R extends OptionRow> = R extends { readonly default: string | number | boolean } ? never : undefined;

/** The options of a table, by the names that Flink's constants have. */
export type OptionsOf<Rows extends OptionRows> = {
  readonly [N in keyof Rows]: ConfigOption<RowValue<Rows[N]> | RowDefault<Rows[N]>>;
};

/** Makes the options of a table. */
export function toConfigOptions<const Rows extends OptionRows>(rows: Rows): OptionsOf<Rows> {
  return Object.fromEntries(Object.entries(rows).map(([name, row]) => [name, toOption(row)])) as OptionsOf<Rows>;
}

function toOption(row: OptionRow): ConfigOption<unknown> {
  const builder = typed(row);
  const option = row.default === undefined ? builder.noDefaultValue() : builder.defaultValue(String(row.default));
  const described = option
    .withDeprecatedKeys(...(row.deprecatedKeys ?? []))
    .withFallbackKeys(...(row.fallbackKeys ?? []))
    .withDescription(row.doc);
  if (row.check === undefined) {
    return described;
  }
  const check = CHECKS[row.check];
  if (check === undefined) {
    throw new Error(`Row ${row.key} names the unknown check '${row.check}'.`);
  }
  return described.withCheck(check.expected, check.accepts as (value: unknown) => boolean);
}

function typed(row: OptionRow): TypedConfigOptionBuilder<unknown> {
  const key = ConfigOptions.key(row.key);
  const names = Object.keys(row.of === undefined ? {} : ENUMS[row.of]);
  const builders: Record<OptionRow['type'], () => unknown> = {
    string: () => key.stringType(),
    boolean: () => key.booleanType(),
    int: () => key.intType(),
    long: () => key.longType(),
    double: () => key.doubleType(),
    memory: () => key.memoryType(),
    duration: () => key.durationType(),
    enum: () => key.enumType(names),
    enumList: () => key.enumType(names).asList(),
  };
  return builders[row.type]() as TypedConfigOptionBuilder<unknown>;
}
