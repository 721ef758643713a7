// Flink's sets of options for kinds of machines.
import type { PredefinedOptions } from './enums.ts';
import type { OptionRow, RowValue } from './option-rows.ts';
import type { ConfigurableRows } from './rocksdb-configurable-options.ts';

type Values<Rows extends Readonly<Record<string, OptionRow>>> = {
  readonly [N in keyof Rows]?: RowValue<Rows[N]>;
};

/** Values of a preset, by the names of options. */
export type PresetValues = Values<ConfigurableRows>;

const MIB = 1024 * 1024;

/** What each preset sets; what it leaves out keeps its default. */
export const PRESETS: Readonly<Record<PredefinedOptions, PresetValues>> = {
  DEFAULT: {},
  SPINNING_DISK_OPTIMIZED: {
    MAX_BACKGROUND_THREADS: 4,
    MAX_OPEN_FILES: -1,
    COMPACTION_STYLE: 'LEVEL',
    USE_DYNAMIC_LEVEL_SIZE: true,
  },
  SPINNING_DISK_OPTIMIZED_HIGH_MEM: {
    MAX_BACKGROUND_THREADS: 4,
    MAX_OPEN_FILES: -1,
    COMPACTION_STYLE: 'LEVEL',
    USE_DYNAMIC_LEVEL_SIZE: true,
    TARGET_FILE_SIZE_BASE: 256 * MIB,
    MAX_SIZE_LEVEL_BASE: 1024 * MIB,
    WRITE_BUFFER_SIZE: 64 * MIB,
    MIN_WRITE_BUFFER_NUMBER_TO_MERGE: 3,
    MAX_WRITE_BUFFER_NUMBER: 4,
    BLOCK_CACHE_SIZE: 256 * MIB,
    BLOCK_SIZE: MIB / 8,
    USE_BLOOM_FILTER: true,
  },
  FLASH_SSD_OPTIMIZED: { MAX_BACKGROUND_THREADS: 4, MAX_OPEN_FILES: -1 },
};
