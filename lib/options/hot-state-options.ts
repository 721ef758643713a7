// Options of rockstate's own, about rows that are used often: Flink has none of the kind.
import { type OptionsOf, toConfigOptions } from './option-rows.ts';

export const HOT_STATE_ROWS = {
  CACHE_SIZE: {
    key: 'state.backend.rocksdb.hot-state-cache.size',
    type: 'memory',
    default: '0 bytes',
    check: 'offOrFromEightKibibytes',
    doc: "Memory in which a keyed backend keeps rows that were used lately, beside the slot's managed memory, and gathers what changes in them; 0 is none. Not in Flink.",
  },
} as const;

/** Options about state that is used often; Flink has none of the kind. */
export const HotStateOptions: OptionsOf<typeof HOT_STATE_ROWS> = toConfigOptions(HOT_STATE_ROWS);
