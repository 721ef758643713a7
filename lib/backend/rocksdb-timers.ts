// Where a keyed backend on RocksDB keeps its timers: in column families of the database, or in memory beside it.
import type { KeyGroupRange, StoredState } from '../api/checkpoint.ts';
import type { TypeSerializer } from '../api/type-information.ts';
import type { CapturedState } from '../checkpoint/heap-snapshot.ts';
import type { TableView } from '../heap/copy-on-write-table.ts';
import type { ColumnFamily } from '../rocksdb/column-family.ts';
import { HeapTimerQueue } from '../timers/heap-timer-queue.ts';
import { RocksDBTimerQueue } from '../timers/rocksdb-timer-queue.ts';
import type { TimerQueue } from '../timers/timer-queue.ts';
import type { TimerRows } from '../timers/timer-rows.ts';

export interface RocksDBTimers {
  /** The timers of a registered queue. */
  queue(stateName: string): TimerQueue;
  /** Has what changed since the last time written to the database. */
  flush(): void;
  /** Forgets a queue that nobody uses. */
  drop(stateName: string): void;
  /** Whether a state is timers that are in memory. */
  holds(state: StoredState): boolean;
  /** What is in memory, as it is now, in the order of the states; `undefined` when there is nothing. */
  capture(states: readonly StoredState[], keySerializer: TypeSerializer<unknown>): CapturedState[] | undefined;
}

/** A queue's column family, made if it has none yet. */
export type QueueFamily = (stateName: string) => { readonly family: ColumnFamily; readonly isNew: boolean };

export class StoredTimers implements RocksDBTimers {
  readonly #rows: TimerRows;
  readonly #range: KeyGroupRange;
  readonly #cacheSize: number;
  readonly #familyOf: QueueFamily;
  readonly #queues = new Map<string, RocksDBTimerQueue>();

  /** @param cacheSize - timers of a key group that are in memory, too. */
  constructor(rows: TimerRows, range: KeyGroupRange, cacheSize: number, familyOf: QueueFamily) {
    this.#rows = rows;
    this.#range = range;
    this.#cacheSize = cacheSize;
    this.#familyOf = familyOf;
  }

  queue(stateName: string): TimerQueue {
    let queue = this.#queues.get(stateName);
    if (queue === undefined) {
      const { family, isNew } = this.#familyOf(stateName);
      const stored = { rows: this.#rows, family, cacheSize: this.#cacheSize };
      queue = new RocksDBTimerQueue(this.#range, stored, isNew);
      this.#queues.set(stateName, queue);
    }
    return queue;
  }

  drop(stateName: string): void {
    this.#queues.delete(stateName);
  }

  flush(): void {
    this.#rows.flush();
  }

  holds(): boolean {
    return false;
  }

  capture(): undefined {}
}

const NOTHING: TableView<unknown> = { keyGroups: () => [], size: () => 0, rows: () => [] };

export class TimersInMemory implements RocksDBTimers {
  readonly #queues: Map<string, HeapTimerQueue>;
  readonly #range: KeyGroupRange;

  /** @param restored - queues by name. */
  constructor(restored: Map<string, HeapTimerQueue>, range: KeyGroupRange) {
    this.#queues = restored;
    this.#range = range;
  }

  queue(stateName: string): TimerQueue {
    let queue = this.#queues.get(stateName);
    if (queue === undefined) {
      queue = new HeapTimerQueue(this.#range);
      this.#queues.set(stateName, queue);
    }
    return queue;
  }

  drop(stateName: string): void {
    this.#queues.delete(stateName);
  }

  flush(): void {}

  holds({ name }: StoredState): boolean {
    return this.#queues.has(name);
  }

  capture(states: readonly StoredState[], keySerializer: TypeSerializer<unknown>): CapturedState[] | undefined {
    return this.#queues.size === 0
      ? undefined
      : states.map(({ name }) => {
          const view = this.#queues.get(name)?.view() ?? NOTHING;
          return { name, keySerializer, view, format: undefined };
        });
  }
}
