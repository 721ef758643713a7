// What an open database and its column families really run with.
import type { EffectiveOption, EffectiveOptions } from '../api/backend.ts';
import type { ColumnFamilyOptions } from '../options/column-family-options.ts';
import type { NativeOptions } from '../options/native-options.ts';
import { readOptionsFile } from '../rocksdb/options-file.ts';

/** The options that a database was opened with. */
export interface RequestedOptions {
  readonly database: NativeOptions;
  readonly columnFamilies: ReadonlyMap<string, ColumnFamilyOptions>;
  readonly readOptions: NativeOptions;
  readonly writeOptions: NativeOptions;
}

/** Reads back what RocksDB wrote into its OPTIONS file, and says of each value where it came from. */
export async function readEffectiveOptions(directory: string, requested: RequestedOptions): Promise<EffectiveOptions> {
  const sections = await readOptionsFile(directory);
  const inEffect = (section: string, options: NativeOptions) =>
    Object.fromEntries([...options.sourced, ...sourced(sections.get(section) ?? new Map(), options.sourced)]);
  return {
    database: inEffect('DBOptions', requested.database),
    columnFamilies: Object.fromEntries(
      Array.from(requested.columnFamilies, ([name, options]) => [
        name,
        {
          options: inEffect(`CFOptions "${name}"`, options),
          tableOptions: inEffect(`TableOptions/BlockBasedTable "${name}"`, options.tableFormatConfig()),
        },
      ]),
    ),
    readOptions: Object.fromEntries(requested.readOptions.sourced),
    writeOptions: Object.fromEntries(requested.writeOptions.sourced),
  };
}

// Native gives it to every column family.
const BUILT_IN = 'merge_operator';

function sourced(
  values: ReadonlyMap<string, string>,
  requested: ReadonlyMap<string, EffectiveOption>,
): [string, EffectiveOption][] {
  return Array.from(values, ([name, value]) => [
    name,
    { value, source: requested.get(name)?.source ?? (name === BUILT_IN ? 'fixed' : 'RocksDB') },
  ]);
}
