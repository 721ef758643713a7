// The timers of one name and time domain, partitioned by key groups. What is due first comes first, across all of them; at
// the same time, it goes by key group and then by bytes.
import type { KeyGroupRange } from '../api/checkpoint.ts';
import { rangeError } from '../errors.ts';
import { PartitionOrder } from './partition-order.ts';
import type { QueuedTimer } from './queued-timer.ts';
import type { WrittenTimer } from './timer-codec.ts';
import type { TimerPartition } from './timer-partition.ts';

export abstract class TimerQueue<P extends TimerPartition = TimerPartition> {
  readonly #range: KeyGroupRange;
  readonly #partitions: (P | undefined)[];
  readonly #order = new PartitionOrder<P>();

  constructor(range: KeyGroupRange) {
    this.#range = range;
    this.#partitions = new Array(range.end - range.start + 1).fill(undefined);
  }

  /** Makes the partition of a key group. */
  protected abstract createPartition(keyGroup: number): P;

  /** Answers whether it is the first of all now, as far as that is known. Key and namespace may be kept. */
  add(keyGroup: number, timer: WrittenTimer, key?: unknown, namespace?: unknown): boolean {
    const partition = this.partition(keyGroup);
    const isFirst = partition.add(timer, key, namespace);
    if (isFirst || partition.position < 0) {
      this.#order.update(partition);
    }
    return isFirst && this.#order.top === partition;
  }

  /** Answers whether it was the first of all, as far as that is known. */
  remove(keyGroup: number, timer: WrittenTimer): boolean {
    const partition = this.partition(keyGroup);
    const wasTop = this.#order.top === partition;
    const wasFirst = partition.remove(timer);
    if (wasFirst) {
      this.#order.update(partition);
    }
    return wasFirst && wasTop;
  }

  /**
   * Reads some of the timers that may be due at a time, if `due` would have to; answers whether it did, as it may have to be
   * done again. Without it, `due` may take long where nothing is known of many key groups.
   */
  load(time: number): boolean {
    const top = this.#order.top;
    if (top === undefined || top.isLoaded || top.earliest > time) {
      return false;
    }
    top.first();
    this.#order.update(top);
    return true;
  }

  /** The first timer that is due at or before a time. */
  due(time: number): QueuedTimer | undefined {
    for (;;) {
      const top = this.#order.top;
      if (top === undefined || top.earliest > time) {
        return undefined;
      }
      const before = top.earliest;
      const timer = top.first();
      if (timer !== undefined && timer.timestamp === before) {
        return timer;
      }
      this.#order.update(top);
    }
  }

  /** The first timer. */
  peek(): QueuedTimer | undefined {
    return this.due(Number.POSITIVE_INFINITY);
  }

  /** Removes the first timer, which `due` has just answered. */
  removeFirst(): void {
    const top = this.#order.top as P;
    top.removeFirst();
    this.#order.update(top);
  }

  /** Whether there is none. */
  get isEmpty(): boolean {
    return this.peek() === undefined;
  }

  /** All timers, in no order. They must not be changed meanwhile. */
  *all(): Generator<QueuedTimer, void> {
    for (const partition of this.#partitions) {
      if (partition !== undefined) {
        yield* partition.all();
      }
    }
  }

  /** The timers of a key group, in no order. They must not be changed meanwhile. */
  ofKeyGroup(keyGroup: number): Iterable<QueuedTimer> {
    return this.partition(keyGroup).all();
  }

  count(): number {
    let count = 0;
    for (const partition of this.#partitions) {
      count += partition?.count() ?? 0;
    }
    return count;
  }

  /** Those that there are, in the order of key groups. */
  protected partitions(): P[] {
    return this.#partitions.filter((partition) => partition !== undefined);
  }

  /** Tells that a partition has other timers now. */
  protected updated(partition: P): void {
    this.#order.update(partition);
  }

  /** @throws RangeError `ERR_KEY_GROUP_OUT_OF_RANGE`. */
  protected partition(keyGroup: number): P {
    const { start, end } = this.#range;
    if (!(keyGroup >= start && keyGroup <= end)) {
      throw rangeError(
        'ERR_KEY_GROUP_OUT_OF_RANGE',
        `Key group ${keyGroup} of a timer is not in this backend's range ${start} to ${end}.`,
      );
    }
    const index = keyGroup - start;
    let partition = this.#partitions[index];
    if (partition === undefined) {
      partition = this.createPartition(keyGroup);
      this.#partitions[index] = partition;
    }
    return partition;
  }
}
