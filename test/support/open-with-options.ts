// A keyed backend with one state, opened with options, and what RocksDB says that it runs with.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { EffectiveOptions, KeyedStateBackend, RocksDBInspection } from '../../lib/api/backend.ts';
import { ValueStateDescriptor } from '../../lib/api/descriptors.ts';
import { EmbeddedRocksDBStateBackend } from '../../lib/backend/embedded-rocksdb-state-backend.ts';
import { Types } from '../../lib/bytes/types.ts';
import type { ConfigurationEntries } from '../../lib/config/configuration.ts';
import type { ColumnFamilyOptions } from '../../lib/options/column-family-options.ts';
import type { DBOptions } from '../../lib/options/db-options.ts';
import type { RocksDBOptionsFactory } from '../../lib/options/options-factory.ts';
import { withBackend } from './with-backend.ts';

/** The name of the state. */
export const STATE = 'state';

/** A key of options by which every state has a block cache of its own. */
export const UNSHARED: ConfigurationEntries = { 'state.backend.rocksdb.memory.managed': false };

export interface Opened {
  readonly keyed: KeyedStateBackend<string> & RocksDBInspection;
  /** The database's. */
  readonly directory: string;
  readonly effective: EffectiveOptions;
  /** Of the state. */
  readonly columnFamily: EffectiveOptions['columnFamilies'][string];
}

/** Opens a backend with the state, and closes it in the end. */
export function withOpened(
  backend: EmbeddedRocksDBStateBackend,
  test: (opened: Opened) => Promise<void> | void,
): Promise<void> {
  return withBackend(
    () => backend,
    async ({ open, leftovers, localDir }) => {
      const states = [new ValueStateDescriptor(STATE, Types.LONG)];
      const keyed = (await open({ keyType: Types.STRING, states })) as Opened['keyed'];
      const effective = await keyed.effectiveOptions();
      const [name = ''] = await leftovers();
      const columnFamily = effective.columnFamilies[STATE];
      if (columnFamily === undefined) {
        throw new Error(`There is no state '${STATE}'.`);
      }
      await test({ keyed, effective, columnFamily, directory: join(localDir, name, 'db') });
    },
  );
}

/** As {@link withOpened}, of a new backend with a configuration. */
export function withConfigured(
  config: ConfigurationEntries,
  test: (opened: Opened) => Promise<void> | void,
): Promise<void> {
  return withOpened(new EmbeddedRocksDBStateBackend().configure(config), test);
}

/** A factory that changes options as given. */
export function factoryOf(change: {
  readonly db?: (options: DBOptions) => unknown;
  readonly columnFamily?: (options: ColumnFamilyOptions) => unknown;
}): RocksDBOptionsFactory {
  return {
    createDBOptions(options) {
      change.db?.(options);
      return options;
    },
    createColumnOptions(options) {
      change.columnFamily?.(options);
      return options;
    },
  };
}

/** The log that RocksDB writes when it opens: what its options file leaves out is there. */
export async function readLog(directory: string): Promise<string> {
  const names = await readdir(directory);
  const name = names.find((each) => each === 'LOG' || each.endsWith('_LOG'));
  return readFile(join(directory, name ?? 'LOG'), 'utf8');
}
