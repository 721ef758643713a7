// A queue of timers in RocksDB.
import type { KeyGroupRange } from '../api/checkpoint.ts';
import { CachedPartition, type CachedRows } from './cached-partition.ts';
import { TimerQueue } from './timer-queue.ts';

export class RocksDBTimerQueue extends TimerQueue<CachedPartition> {
  readonly #stored: CachedRows;
  readonly #isNew: boolean;

  /** @param isNew - whether there is nothing in RocksDB. */
  constructor(range: KeyGroupRange, stored: CachedRows, isNew: boolean) {
    super(range);
    this.#stored = stored;
    this.#isNew = isNew;
    for (let keyGroup = range.start; !isNew && keyGroup <= range.end; keyGroup++) {
      this.updated(this.partition(keyGroup));
    }
  }

  protected createPartition(keyGroup: number): CachedPartition {
    return new CachedPartition(keyGroup, this.#stored, this.#isNew);
  }
}
