// Puts the values of Flink's options into RocksDB's.
import type { ColumnFamilyOptions } from './column-family-options.ts';
import type { DBOptions } from './db-options.ts';
import { ENUMS } from './enums.ts';
import { BloomFilter } from './filters.ts';
import type { NativeOptions, OptionSource } from './native-options.ts';
import type { OptionRow } from './option-rows.ts';
import {
  BLOCK_TABLE_ROWS,
  COLUMN_FAMILY_ROWS,
  type ConfigurableRows,
  DATABASE_ROWS,
} from './rocksdb-configurable-options.ts';

/** A value of an option and where it came from; the value is `undefined` for one that is not to be set. */
export interface RowSetting {
  readonly value: unknown;
  readonly source: OptionSource;
}

/** Finds the value of an option by the name of its row. */
export type FindSetting = (name: keyof ConfigurableRows) => RowSetting;

/** Sets the options of a database. */
export function assignDatabaseRows(options: DBOptions, find: FindSetting): DBOptions {
  assignRows(options, DATABASE_ROWS, find);
  return options;
}

/** Sets the options of a column family and of its tables. */
export function assignColumnFamilyRows(options: ColumnFamilyOptions, find: FindSetting): ColumnFamilyOptions {
  assignRows(options, COLUMN_FAMILY_ROWS, find);
  assignRows(options.tableFormatConfig(), BLOCK_TABLE_ROWS, find);
  const use = find('USE_BLOOM_FILTER');
  if (use.value === true) {
    const bits = find('BLOOM_FILTER_BITS_PER_KEY');
    const blockBased = find('BLOOM_FILTER_BLOCK_BASED_MODE');
    const { definition } = new BloomFilter(bits.value as number | undefined, blockBased.value as boolean | undefined);
    const configured = [use, bits, blockBased].find(({ source }) => source === 'configuration');
    options.tableFormatConfig().assign({ filter_policy: definition }, (configured ?? use).source);
  }
  return options;
}

function assignRows(options: NativeOptions, rows: Readonly<Record<string, OptionRow>>, find: FindSetting): void {
  for (const [name, row] of Object.entries(rows)) {
    const { value, source } = find(name as keyof ConfigurableRows);
    if (row.rocksdb !== undefined && value !== undefined) {
      options.assign({ [row.rocksdb]: toNative(row, value) }, source);
    }
  }
}

function toNative(row: OptionRow, value: unknown): string | number | boolean {
  const words: Readonly<Record<string, string>> = row.of === undefined ? {} : ENUMS[row.of];
  if (Array.isArray(value)) {
    return value.map((each) => words[each]).join(':');
  }
  return words[String(value)] ?? (value as string | number | boolean);
}
