// Rows of a state with TTL, in a database of their own: some old, some new, and compacted.
import { setImmediate } from 'node:timers/promises';
import { type KeyedStateBackend, StateTtlConfig, Types, ValueStateDescriptor } from '../../lib/index.ts';
import { openKeyed } from '../state/open-keyed.ts';
import { OpenedDatabase } from '../state/opened-database.ts';
import { Work } from '../state/work.ts';
import type { Kind, Store } from './kinds.ts';
import type { Expired } from './side.ts';

const TTL_MS = 1000;
// Of the writes, and of the compaction: what is old has expired by then.
const OLD_MS = 1;
const NEW_MS = 501;
const COMPACTED_MS = 1200;
const QUERY_TIME_AFTER_ENTRIES = 1000;
const KEYS_PER_TURN = 1000;

const ACCESSED = new ValueStateDescriptor('accessed', Types.BOOLEAN).enableTimeToLive(ttlConfig(false));

class Clock {
  nowMs = OLD_MS;

  currentTimestamp(): number {
    return this.nowMs;
  }
}

interface Filling {
  readonly expired: Expired;
  readonly entries: number;
  readonly directory: string;
}

export class ExpiringRows {
  readonly #keyed: KeyedStateBackend<number>;
  readonly #database: OpenedDatabase;

  private constructor(keyed: KeyedStateBackend<number>, database: OpenedDatabase) {
    this.#keyed = keyed;
    this.#database = database;
  }

  /** The state is filled then, and in one sorted run. */
  static async fill(kind: Kind, { expired, entries, directory }: Filling): Promise<ExpiringRows> {
    const { descriptor, entriesPerKey } = kind;
    const clock = new Clock();
    descriptor.enableTimeToLive(ttlConfig(expired !== 'off'));
    const [keyed, opened] = await OpenedDatabase.within(descriptor.name, () =>
      openKeyed(descriptor, { backend: 'rocksdb', memory: 'unmanaged', directory }, clock),
    );
    const database = opened as OpenedDatabase;
    const keys = entries / entriesPerKey;
    await fillHalves(kind, { keyed, clock, keys, expired, store: kind.open(keyed, new Work(keys)) });
    await database.compact();
    await database.settle();
    clock.nowMs = COMPACTED_MS;
    // Compactions go by the newest time that any access of state was given.
    keyed.getState(ACCESSED).update(true);
    return new ExpiringRows(keyed, database);
  }

  /** Answers milliseconds. */
  async compact(): Promise<number> {
    const start = performance.now();
    await this.#database.compact();
    return performance.now() - start;
  }

  /** How many rows there are, and the bytes of their values. */
  async left(): Promise<string> {
    return (await this.#database.contents()).join(' ');
  }

  async close(): Promise<void> {
    await this.#keyed.close();
  }
}

interface Halves {
  readonly keyed: KeyedStateBackend<number>;
  readonly clock: Clock;
  readonly keys: number;
  readonly expired: Expired;
  readonly store: Store;
}

// First what is old: every second key where keys have one entry, otherwise the first half of each key's entries.
async function fillHalves({ entriesPerKey }: Kind, { keyed, clock, keys, expired, store }: Halves): Promise<void> {
  const step = entriesPerKey === 1 ? 2 : 1;
  for (let half = 0; half < 2; half++) {
    clock.nowMs = expired === 'all' || (expired === 'half' && half === 0) ? OLD_MS : NEW_MS;
    const from = (half * entriesPerKey) >> 1;
    const to = ((half + 1) * entriesPerKey) >> 1;
    for (let key = step === 1 ? 0 : half; key < keys; key += step) {
      keyed.setCurrentKey(key);
      store({ key, from, to });
      if (key % KEYS_PER_TURN < step) {
        await setImmediate();
      }
    }
  }
}

function ttlConfig(isFiltered: boolean): StateTtlConfig {
  const builder = StateTtlConfig.newBuilder(TTL_MS);
  return (
    isFiltered ? builder.cleanupInRocksdbCompactFilter(QUERY_TIME_AFTER_ENTRIES) : builder.disableCleanupInBackground()
  ).build();
}
