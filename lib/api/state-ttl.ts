// Time to live: after which time values of a state expire.

/** What makes a value live on: being written, or being read as well. `Disabled` values do not expire. */
export type TtlUpdateType = 'Disabled' | 'OnCreateAndWrite' | 'OnReadAndWrite';

/** Whether an expired value may still be read, once, while nothing has removed it yet. */
export type TtlStateVisibility = 'NeverReturnExpired' | 'ReturnExpiredIfNotCleanedUp';

/** Removes expired values of in-memory state a few at a time. */
export interface IncrementalTtlCleanup {
  /** Rows that are looked at in each step. */
  readonly size: number;
  /** Whether each record is a step, not only each access of the state. */
  readonly runForEveryRecord: boolean;
}

/** Removes expired values when RocksDB compacts its files. */
export interface CompactionTtlCleanup {
  /** After how many values the clock is read again. */
  readonly queryTimeAfterNumEntries: number;
  /** Files that are older than this are compacted even if nothing else asks for it, in milliseconds. */
  readonly periodicCompactionMs: number;
}

/** How expired values are removed that nobody reads. */
export interface TtlCleanup {
  /** Whether savepoints, and all snapshots of in-memory state, leave expired values out. */
  readonly inFullSnapshot: boolean;
  /** `undefined`: not asked for. */
  readonly incremental: IncrementalTtlCleanup | undefined;
  /** `undefined`: not asked for. */
  readonly inCompactionFilter: CompactionTtlCleanup | undefined;
  /** Whether what is not asked for happens all the same, as the configuration of the backend says. */
  readonly inBackground: boolean;
}

/** The time to live of a state, as `StateTtlConfig` builds it. */
export interface TtlSettings {
  /** In milliseconds, more than 0. A number beyond the safe integers, such as `Infinity`, is for ever. */
  readonly ttlMs: number;
  readonly updateType: TtlUpdateType;
  readonly visibility: TtlStateVisibility;
  readonly cleanup: TtlCleanup;
}

/** The clock by which values expire: milliseconds since 1970. It should not go back. */
export interface TtlTimeProvider {
  currentTimestamp(): number;
}
