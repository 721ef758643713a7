// The time to live of a state, built as in Flink.
import type {
  CompactionTtlCleanup,
  IncrementalTtlCleanup,
  TtlCleanup,
  TtlSettings,
  TtlStateVisibility,
  TtlUpdateType,
} from '../api/state-ttl.ts';
import { describe, rangeError, typeError } from '../errors.ts';
import { tryParseDuration } from './duration.ts';

const UPDATE_TYPES: readonly TtlUpdateType[] = ['Disabled', 'OnCreateAndWrite', 'OnReadAndWrite'];
const VISIBILITIES: readonly TtlStateVisibility[] = ['NeverReturnExpired', 'ReturnExpiredIfNotCleanedUp'];
const DEFAULT_QUERY_TIME_AFTER_NUM_ENTRIES = 1000;
const THIRTY_DAYS_MS = 30 * 24 * 60 * 60 * 1000;

/** A duration: milliseconds, or text such as `'10 min'`. */
export type TtlDuration = number | string;

/**
 * After which time values of a state expire, and what becomes of them then.
 *
 * @example
 * ```ts
 * const sessions = new ValueStateDescriptor('session', Types.STRING).enableTimeToLive(
 *   StateTtlConfig.newBuilder('30 min').updateTtlOnReadAndWrite().build(),
 * );
 * ```
 */
export class StateTtlConfig implements TtlSettings {
  /** For state whose values do not expire. */
  static readonly DISABLED: StateTtlConfig = new StateTtlConfig({
    ttlMs: Number.POSITIVE_INFINITY,
    updateType: 'Disabled',
    visibility: 'NeverReturnExpired',
    cleanup: { inFullSnapshot: false, incremental: undefined, inCompactionFilter: undefined, inBackground: true },
  });

  readonly ttlMs: number;
  readonly updateType: TtlUpdateType;
  readonly visibility: TtlStateVisibility;
  readonly cleanup: TtlCleanup;

  /** As the builder has checked them. */
  private constructor({ ttlMs, updateType, visibility, cleanup }: TtlSettings) {
    this.ttlMs = ttlMs;
    this.updateType = updateType;
    this.visibility = visibility;
    this.cleanup = cleanup;
  }

  /**
   * Begins with what Flink begins with: values live on by being written, are never returned when expired, and are cleaned up in
   * the background.
   *
   * @param ttl - more than 0. A number beyond the safe integers, such as `Infinity`, is for ever.
   * @throws TypeError `ERR_INVALID_DURATION` for what is no duration; RangeError `ERR_INVALID_TTL` for one that is not positive.
   */
  static newBuilder(ttl: TtlDuration): StateTtlConfigBuilder {
    return new StateTtlConfigBuilder(ttl, (settings) => new StateTtlConfig(settings));
  }

  /** Whether values expire. */
  get isEnabled(): boolean {
    return this.updateType !== 'Disabled';
  }
}

/** Builds a {@link StateTtlConfig}. Each method answers the builder itself. */
export class StateTtlConfigBuilder {
  readonly #ttlMs: number;
  readonly #make: (settings: TtlSettings) => StateTtlConfig;
  #updateType: TtlUpdateType = 'OnCreateAndWrite';
  #visibility: TtlStateVisibility = 'NeverReturnExpired';
  #inFullSnapshot = false;
  #incremental: IncrementalTtlCleanup | undefined;
  #inCompactionFilter: CompactionTtlCleanup | undefined;
  #inBackground = true;

  /** @internal */
  constructor(ttl: TtlDuration, make: (settings: TtlSettings) => StateTtlConfig) {
    this.#ttlMs = toTtl(ttl);
    this.#make = make;
  }

  /** What makes a value live on. @throws TypeError `ERR_INVALID_TTL`. */
  setUpdateType(updateType: TtlUpdateType): this {
    this.#updateType = oneOf('update type', UPDATE_TYPES, updateType);
    return this;
  }

  /** A value lives on by being written: the default. */
  updateTtlOnCreateAndWrite(): this {
    return this.setUpdateType('OnCreateAndWrite');
  }

  /** A value lives on by being read as well. */
  updateTtlOnReadAndWrite(): this {
    return this.setUpdateType('OnReadAndWrite');
  }

  /** Whether expired values may still be read. @throws TypeError `ERR_INVALID_TTL`. */
  setStateVisibility(visibility: TtlStateVisibility): this {
    this.#visibility = oneOf('visibility', VISIBILITIES, visibility);
    return this;
  }

  /** An expired value may still be read, once, while nothing has removed it yet. */
  returnExpiredIfNotCleanedUp(): this {
    return this.setStateVisibility('ReturnExpiredIfNotCleanedUp');
  }

  /** An expired value is as good as removed: the default. */
  neverReturnExpired(): this {
    return this.setStateVisibility('NeverReturnExpired');
  }

  /** The clock is that of the machine, or the `ttlTimeProvider` of the backend: the only choice, as in Flink. */
  useProcessingTime(): this {
    return this;
  }

  /** Leaves expired values out of savepoints, and of all snapshots of state in memory. Incremental ones keep them. */
  cleanupFullSnapshot(): this {
    this.#inFullSnapshot = true;
    return this;
  }

  /**
   * For state in memory: looks at a few rows with each access of the state, and removes those that have expired.
   *
   * @param cleanupSize - rows that each step looks at, at least 1.
   * @param runCleanupForEveryRecord - whether each record (each `setCurrentKey`) is a step, too.
   * @throws RangeError `ERR_INVALID_TTL`.
   */
  cleanupIncrementally(cleanupSize: number, runCleanupForEveryRecord: boolean): this {
    if (!Number.isSafeInteger(cleanupSize) || cleanupSize < 1) {
      throw rangeError(
        'ERR_INVALID_TTL',
        `Number of incrementally cleaned up state entries should be positive. It must be an integer from 1 up; received ${describe(cleanupSize)}.`,
      );
    }
    this.#incremental = { size: cleanupSize, runForEveryRecord: runCleanupForEveryRecord };
    return this;
  }

  /**
   * For state in RocksDB: removes expired values when RocksDB compacts its files. Without this, the same happens by what the
   * options `state.backend.rocksdb.compaction.filter.*` say.
   *
   * @param queryTimeAfterNumEntries - after how many values of a compaction the clock is read again. Default 1000.
   * @param periodicCompactionTime - files that are older are compacted even if nothing else asks for it; 0 turns this off.
   *   Default 30 days.
   * @throws RangeError `ERR_INVALID_TTL`; TypeError `ERR_INVALID_DURATION`.
   */
  cleanupInRocksdbCompactFilter(
    queryTimeAfterNumEntries: number = DEFAULT_QUERY_TIME_AFTER_NUM_ENTRIES,
    periodicCompactionTime: TtlDuration = THIRTY_DAYS_MS,
  ): this {
    if (!Number.isSafeInteger(queryTimeAfterNumEntries) || queryTimeAfterNumEntries < 0) {
      throw rangeError(
        'ERR_INVALID_TTL',
        `queryTimeAfterNumEntries must be an integer from 0 up; received ${describe(queryTimeAfterNumEntries)}.`,
      );
    }
    const periodicCompactionMs = toMs(periodicCompactionTime);
    if (!(periodicCompactionMs >= 0)) {
      throw rangeError(
        'ERR_INVALID_TTL',
        `periodicCompactionTime must be 0 or more; received ${describe(periodicCompactionTime)}.`,
      );
    }
    this.#inCompactionFilter = { queryTimeAfterNumEntries, periodicCompactionMs };
    return this;
  }

  /** Turns off what nobody asked for: the clean-up by the backend's defaults. What this builder is told still happens. */
  disableCleanupInBackground(): this {
    this.#inBackground = false;
    return this;
  }

  build(): StateTtlConfig {
    return this.#make({
      ttlMs: this.#ttlMs,
      updateType: this.#updateType,
      visibility: this.#visibility,
      cleanup: {
        inFullSnapshot: this.#inFullSnapshot,
        incremental: this.#incremental,
        inCompactionFilter: this.#inCompactionFilter,
        inBackground: this.#inBackground,
      },
    });
  }
}

function toTtl(ttl: TtlDuration): number {
  const ms = toMs(ttl);
  if (!(ms > 0)) {
    throw rangeError(
      'ERR_INVALID_TTL',
      `TTL is expected to be positive. It must be more than 0 ms; received ${describe(ttl)}.`,
    );
  }
  return ms;
}

function toMs(duration: TtlDuration): number {
  const ms = typeof duration === 'string' ? tryParseDuration(duration) : duration;
  if (typeof ms !== 'number' || Number.isNaN(ms)) {
    throw typeError(
      'ERR_INVALID_DURATION',
      `A duration is a number of milliseconds, or text such as '10 min'; received ${describe(duration)}.`,
    );
  }
  return ms;
}

function oneOf<T extends string>(what: string, allowed: readonly T[], value: T): T {
  if (!allowed.includes(value)) {
    throw typeError(
      'ERR_INVALID_TTL',
      `The ${what} must be ${allowed.map((each) => `'${each}'`).join(' or ')}; received ${describe(value)}.`,
    );
  }
  return value;
}
