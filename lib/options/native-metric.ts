// What the rows of metrics.ts come to: names, switches, and the options that say how metrics are shown.
import type { ConfigOption } from '../config/config-option.ts';
import { HISTOGRAMS, MEMORY, PROPERTIES, TICKERS } from './metrics.ts';
import { type OptionRow, type OptionRows, type OptionsOf, toConfigOptions } from './option-rows.ts';

/** What RocksDB gives a metric as, and so whose it is: a property is a column family's, the others the database's. */
export type NativeMetricKind = 'property' | 'ticker' | 'histogram' | 'memory';

interface Row {
  readonly doc: string;
  /** Default: counts. */
  readonly unit?: 'bytes' | 'us' | 'bytes/s' | 's';
  /** RocksDB's name. Default: `rocksdb.` and the key. */
  readonly rocksdb?: string;
  /** Name of the metric. Default: RocksDB's name; for tickers and histograms with underscores in place of dots. */
  readonly metric?: string;
  /** One metric per level of the tree, 0 to 6, whose number follows both names. */
  readonly perLevel?: true;
  /** None of Flink's. */
  readonly own?: true;
}

/** What follows `state.backend.rocksdb.metrics.` in the key of a native metric's option. */
export type NativeMetricKey =
  | keyof typeof PROPERTIES
  | keyof typeof TICKERS
  | keyof typeof HISTOGRAMS
  | keyof typeof MEMORY;

/** A native metric. */
export interface NativeMetric {
  readonly key: NativeMetricKey;
  readonly kind: NativeMetricKind;
  readonly unit: Row['unit'];
  readonly doc: string;
  /** None of Flink's. */
  readonly own: boolean;
  /** RocksDB's names of what is read, and the names of the metrics that show it. */
  readonly names: readonly { readonly rocksdb: string; readonly metric: string }[];
  /** The switch; off by default. */
  readonly option: ConfigOption<boolean>;
  /** @internal */
  readonly row: OptionRow;
}

const SECTIONS: Readonly<Record<NativeMetricKind, Readonly<Record<string, Row>>>> = {
  property: PROPERTIES,
  ticker: TICKERS,
  histogram: HISTOGRAMS,
  memory: MEMORY,
};
const LEVELS = [0, 1, 2, 3, 4, 5, 6];
const PREFIX = 'state.backend.rocksdb.metrics.';

/** Every native metric there is. */
export const NATIVE_METRICS: readonly NativeMetric[] = Object.entries(SECTIONS).flatMap(([kind, rows]) =>
  Object.entries(rows).map(([key, row]) => toNativeMetric(key as NativeMetricKey, kind as NativeMetricKind, row)),
);

const HOW_ROWS = {
  COLUMN_FAMILY_AS_VARIABLE: {
    key: 'state.backend.rocksdb.metrics.column-family-as-variable',
    type: 'boolean',
    default: false,
    doc: 'Make the column family a variable of its metrics (a label or attribute) instead of a part of their name.',
  },
  POLL_INTERVAL: {
    key: 'state.backend.rocksdb.metrics.poll-interval',
    type: 'duration',
    default: '5 s',
    check: 'positive',
    doc: 'Time between two readings of the native metrics, which hold the newest one.',
  },
} as const;

/** How native metrics are shown. */
export const NativeMetricOptions: OptionsOf<typeof HOW_ROWS> = toConfigOptions(HOW_ROWS);

/** Every row of options on native metrics, and the options. */
export const NATIVE_METRIC_OPTIONS: {
  readonly rows: OptionRows;
  readonly options: Readonly<Record<string, ConfigOption<unknown>>>;
} = {
  rows: { ...Object.fromEntries(NATIVE_METRICS.map((metric) => [metric.key, metric.row])), ...HOW_ROWS },
  options: {
    ...Object.fromEntries(NATIVE_METRICS.map((metric) => [metric.key, metric.option])),
    ...NativeMetricOptions,
  },
};

function toNativeMetric(key: NativeMetricKey, kind: NativeMetricKind, row: Row): NativeMetric {
  const rocksdb = row.rocksdb ?? `rocksdb.${key}`;
  const metric = row.metric ?? (kind === 'property' ? rocksdb : withUnderscores(rocksdb));
  const optionRow = { key: `${PREFIX}${key}`, type: 'boolean', default: false, doc: row.doc } as const;
  const suffixes = row.perLevel === true ? LEVELS : [''];
  return {
    key,
    kind,
    unit: row.unit,
    doc: row.doc,
    own: row.own === true,
    names: suffixes.map((suffix) => ({ rocksdb: `${rocksdb}${suffix}`, metric: `${metric}${suffix}` })),
    row: optionRow,
    option: toConfigOptions({ optionRow }).optionRow,
  };
}

function withUnderscores(rocksdb: string): string {
  return rocksdb.replace(/^rocksdb\.(.*)$/, (_, name: string) => `rocksdb.${name.replaceAll('.', '_')}`);
}
