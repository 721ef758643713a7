// What a queue asks of the timers of one key group.
import type { QueuedTimer } from './queued-timer.ts';
import type { WrittenTimer } from './timer-codec.ts';

export interface TimerPartition {
  readonly keyGroup: number;
  /** Where it is among the partitions that may have timers; -1 when it is not one of them. */
  position: number;
  /** Whether there is certainly none. */
  readonly isEmpty: boolean;
  /** Whether `first` answers without reading a database. */
  readonly isLoaded: boolean;
  /** No timer is due earlier, where there may be one. It is when the first is due where that is known. */
  readonly earliest: number;

  /** Answers whether it is a new one, and the first now, as far as that is known. Key and namespace may be kept. */
  add(timer: WrittenTimer, key: unknown, namespace: unknown): boolean;
  /** Answers whether it was the first. */
  remove(timer: WrittenTimer): boolean;
  /** The first timer. It may have to be read from a database; then `earliest` and `isEmpty` are exact. */
  first(): QueuedTimer | undefined;
  /** Removes the first timer, which `first` has just answered. */
  removeFirst(): void;
  /** All timers, in no order. They must not be changed meanwhile. */
  all(): Iterable<QueuedTimer>;
  count(): number;
}
