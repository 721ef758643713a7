// Lets RocksDB drop what has expired: by its compactions, and from savepoints.
import { ListStateDescriptor, MapStateDescriptor, type StateDescriptor } from '../api/descriptors.ts';
import type { CompactionTtlCleanup, TtlSettings } from '../api/state-ttl.ts';
import { ttlSerializer } from '../bytes/ttl-value.ts';
import type { ReadableConfig } from '../config/configuration.ts';
import { RocksDBConfigurableOptions } from '../options/rocksdb-configurable-options.ts';
import type { ColumnFamily } from '../rocksdb/column-family.ts';
import type { RocksDB } from '../rocksdb/rocksdb.ts';
import type { TtlRule } from '../rocksdb/ttl-rule.ts';
import type { TtlClock } from '../ttl/ttl-clock.ts';

const MS_IN_SECOND = 1000;

/** What savepoints leave out. */
export interface ExpiredRows {
  /** By state id. */
  readonly ttl: readonly (TtlRule | undefined)[];
  readonly ttlNowMs: number;
}

export class RocksDBTtl {
  readonly #db: RocksDB;
  readonly #clock: TtlClock;
  readonly #byDefault: CompactionTtlCleanup;
  // Of states whose savepoints leave out what has expired.
  readonly #ofSavepoints = new Map<string, TtlRule>();
  #isFollowed = false;

  constructor(db: RocksDB, clock: TtlClock, config: ReadableConfig) {
    this.#db = db;
    this.#clock = clock;
    this.#byDefault = {
      queryTimeAfterNumEntries: config.get(RocksDBConfigurableOptions.COMPACT_FILTER_QUERY_TIME_AFTER_NUM_ENTRIES),
      periodicCompactionMs: config.get(RocksDBConfigurableOptions.COMPACT_FILTER_PERIODIC_COMPACTION_TIME),
    };
  }

  /**
   * Has the compactions of a state's family drop what expires, as its settings say. They begin with this; how often files are
   * compacted is set behind it, which the promise tells.
   */
  register(descriptor: StateDescriptor<unknown>, family: ColumnFamily): Promise<void> | undefined {
    const { name, ttl } = descriptor;
    this.forget(name);
    if (ttl === undefined) {
      return undefined;
    }
    const { inBackground, inCompactionFilter, inFullSnapshot } = ttl.cleanup;
    const cleanup = inCompactionFilter ?? (inBackground ? this.#byDefault : undefined);
    if (inFullSnapshot) {
      this.#ofSavepoints.set(name, ruleOf(descriptor, ttl, this.#byDefault));
    }
    if (cleanup === undefined) {
      return undefined;
    }
    this.#follow();
    this.#db.setTtl(family, ruleOf(descriptor, ttl, cleanup));
    const seconds = Math.ceil(cleanup.periodicCompactionMs / MS_IN_SECOND);
    return this.#db.setColumnFamilyOptions(family, { periodic_compaction_seconds: seconds });
  }

  /** A state is no more. */
  forget(name: string): void {
    this.#ofSavepoints.delete(name);
  }

  /** What a savepoint of these states leaves out; `undefined` for nothing. */
  expiredRows(states: readonly { readonly name: string }[]): ExpiredRows | undefined {
    const ttl = states.map(({ name }) => this.#ofSavepoints.get(name));
    return ttl.some((rule) => rule !== undefined) ? { ttl, ttlNowMs: this.#clock.now() } : undefined;
  }

  /** Has compactions that begin from now on know what time it is by the program's clock, if it has one. */
  tellTime(): void {
    if (this.#isFollowed) {
      this.#clock.now();
    }
  }

  // Compactions can't ask a program what time it is.
  #follow(): void {
    if (!this.#isFollowed) {
      this.#isFollowed = true;
      this.#clock.follow((nowMs) => this.#db.setTtlTime(nowMs));
    }
  }
}

function ruleOf(
  descriptor: StateDescriptor<unknown>,
  { ttlMs }: TtlSettings,
  { queryTimeAfterNumEntries }: CompactionTtlCleanup,
): TtlRule {
  const rule = { ttlMs, queryTimeAfterEntries: queryTimeAfterNumEntries };
  if (descriptor instanceof ListStateDescriptor) {
    const elementLayout = ttlSerializer(descriptor.elementType.serializer).layout;
    return { ...rule, rows: 'list', offset: 0, elementLayout };
  }
  return { ...rule, rows: 'value', offset: descriptor instanceof MapStateDescriptor ? 1 : 0 };
}
