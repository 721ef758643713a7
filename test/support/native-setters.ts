// Every native option by kind, and setters called alone on the options that a factory is given.
import { expect } from 'vitest';
import { EmbeddedRocksDBStateBackend } from '../../lib/backend/embedded-rocksdb-state-backend.ts';
import {
  BLOCK_TABLE_OPTION_TYPES,
  COLUMN_FAMILY_OPTION_TYPES,
  DB_OPTION_TYPES,
} from '../../lib/options/native-option-types.ts';
import type { NativeType } from '../../lib/options/native-options.ts';
import { BLOCK_TABLE_SAMPLES, COLUMN_FAMILY_SAMPLES, DB_SAMPLES, type Sample } from './native-option-samples.ts';
import { factoryOf, type Opened, STATE, UNSHARED, withOpened } from './open-with-options.ts';

/** Native options of one kind. */
export interface Kind {
  readonly name: string;
  /** Of RocksDB's options file. */
  readonly section: string;
  readonly types: Readonly<Record<string, NativeType>>;
  readonly samples: Readonly<Record<string, Sample | undefined>>;
  effective(opened: Opened): Opened['effective']['database'];
}

export const KINDS: readonly Kind[] = [
  {
    name: 'database',
    section: 'DBOptions',
    types: DB_OPTION_TYPES,
    samples: DB_SAMPLES,
    effective: ({ effective }) => effective.database,
  },
  {
    name: 'column family',
    section: `CFOptions "${STATE}"`,
    types: COLUMN_FAMILY_OPTION_TYPES,
    samples: COLUMN_FAMILY_SAMPLES,
    effective: ({ columnFamily }) => columnFamily.options,
  },
  {
    name: 'table',
    section: `TableOptions/BlockBasedTable "${STATE}"`,
    types: BLOCK_TABLE_OPTION_TYPES,
    samples: BLOCK_TABLE_SAMPLES,
    effective: ({ columnFamily }) => columnFamily.tableOptions,
  },
];

/** `use_fsync` is `setUseFsync`. */
export function setterOf(name: string): string {
  return `set_${name}`.replaceAll(/_(.)/g, (_, letter) => letter.toUpperCase());
}

/** Opens a backend with setters called on whichever of the options has them, of which there must be one. */
export function withSetters(
  setters: Readonly<Record<string, unknown>>,
  test: (opened: Opened) => Promise<void>,
): Promise<void> {
  const called = new Set<string>();
  const call = (options: object) => {
    for (const [setter, value] of Object.entries(setters)) {
      if (setter in options) {
        (options as Record<string, (value: unknown) => unknown>)[setter]?.(value);
        called.add(setter);
      }
    }
  };
  const factory = factoryOf({
    db: call,
    columnFamily(options) {
      call(options);
      call(options.tableFormatConfig());
    },
  });
  return withOpened(
    new EmbeddedRocksDBStateBackend().configure(UNSHARED).setRocksDBOptions(factory),
    async (opened) => {
      expect([...called].sort()).toEqual(Object.keys(setters).sort());
      await test(opened);
    },
  );
}
