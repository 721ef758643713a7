// The timers of one key group in RocksDB, of which the first ones are in memory too. What changes is written to both, so
// RocksDB is read only when the last timer in memory is gone and there may be more.
//
//   in memory  [first … last]   in RocksDB  [first … last, further ones …]
import type { ColumnFamily } from '../rocksdb/column-family.ts';
import { QueuedTimer } from './queued-timer.ts';
import type { WrittenTimer } from './timer-codec.ts';
import type { TimerPartition } from './timer-partition.ts';
import type { TimerRows } from './timer-rows.ts';
import { timestampOf } from './timestamps.ts';

/** Where a queue's rows are, and how many of a key group are kept in memory. */
export interface CachedRows {
  readonly rows: TimerRows;
  readonly family: ColumnFamily;
  readonly cacheSize: number;
}

/** A place in the order of timers. */
type Place = Pick<QueuedTimer, 'timestamp' | 'id'>;

// As nothing is known: every timer is behind it.
const BEFORE_ALL: Place = { timestamp: Number.NEGATIVE_INFINITY, id: '' };

export class CachedPartition implements TimerPartition {
  readonly keyGroup: number;
  position = -1;
  readonly #stored: CachedRows;
  // From the last to the first, as the first is what is mostly removed.
  #cache: QueuedTimer[] = [];
  // Whether all timers are in memory.
  #isComplete: boolean;
  // While none is in memory and there may be more: all are behind it. So rows that were deleted are not read past again.
  #hint: Place = BEFORE_ALL;

  /** @param isNew - whether there is nothing in RocksDB. */
  constructor(keyGroup: number, stored: CachedRows, isNew: boolean) {
    this.keyGroup = keyGroup;
    this.#stored = stored;
    this.#isComplete = isNew;
  }

  get isEmpty(): boolean {
    return this.#cache.length === 0 && this.#isComplete;
  }

  get isLoaded(): boolean {
    return this.#cache.length > 0 || this.#isComplete;
  }

  get earliest(): number {
    const cache = this.#cache;
    return cache.length === 0 ? this.#hint.timestamp : (cache[cache.length - 1] as QueuedTimer).timestamp;
  }

  add(timer: WrittenTimer, key: unknown, namespace: unknown): boolean {
    const { rows, family, cacheSize } = this.#stored;
    const cache = this.#cache;
    const hasRoom = this.#isComplete && cache.length < cacheSize;
    if (!hasRoom && this.#isBehind(timer)) {
      this.#isComplete = false;
      rows.put(family, this.keyGroup, timer);
      return false;
    }
    const id = timer.text();
    const index = this.#indexOf(id);
    if (cache[index]?.id === id) {
      return false;
    }
    rows.put(family, this.keyGroup, timer);
    const isFirst = index === cache.length;
    cache.splice(index, 0, new QueuedTimer(timer.timestamp, id, key, namespace));
    if (cache.length > cacheSize) {
      cache.shift();
      this.#isComplete = false;
    }
    return isFirst;
  }

  remove(timer: WrittenTimer): boolean {
    const { rows, family } = this.#stored;
    if (!this.#isComplete && this.#isBehind(timer)) {
      rows.delete(family, this.keyGroup, timer);
      return false;
    }
    const cache = this.#cache;
    const id = timer.text();
    const index = this.#indexOf(id);
    const cached = cache[index];
    if (cached?.id !== id) {
      return false;
    }
    rows.delete(family, this.keyGroup, timer);
    cache.splice(index, 1);
    this.#hint = cached;
    return index === cache.length;
  }

  first(): QueuedTimer | undefined {
    if (this.#cache.length === 0 && !this.#isComplete) {
      this.#load();
    }
    return this.#cache[this.#cache.length - 1];
  }

  removeFirst(): void {
    const { rows, family } = this.#stored;
    const first = this.#cache.pop() as QueuedTimer;
    rows.deleteId(family, this.keyGroup, first.id);
    this.#hint = first;
  }

  *all(): Generator<QueuedTimer, void> {
    if (this.#isComplete) {
      yield* this.#cache;
      return;
    }
    const { rows, family } = this.#stored;
    for (const id of rows.all(family, this.keyGroup)) {
      yield new QueuedTimer(timestampOf(id), id);
    }
  }

  count(): number {
    const { rows, family } = this.#stored;
    return this.#isComplete ? this.#cache.length : rows.count(family, this.keyGroup);
  }

  /** Whether a timer is behind those in memory, or where none is, behind where those in RocksDB begin. */
  #isBehind(timer: WrittenTimer): boolean {
    const last = this.#cache[0] ?? this.#hint;
    return timer.timestamp > last.timestamp || (timer.timestamp === last.timestamp && timer.text() > last.id);
  }

  /** Where a timer is in memory, or belongs. */
  #indexOf(id: string): number {
    const cache = this.#cache;
    let low = 0;
    let high = cache.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((cache[middle] as QueuedTimer).id > id) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  #load(): void {
    const { rows, family, cacheSize } = this.#stored;
    const after = this.#hint === BEFORE_ALL ? undefined : this.#hint.id;
    const ids = rows.first(family, this.keyGroup, { after, limit: cacheSize });
    this.#isComplete = ids.length < cacheSize;
    this.#cache = ids.reverse().map((id) => new QueuedTimer(timestampOf(id), id));
  }
}
