// The timers of one key group in memory: a binary heap, of which each timer knows its place, and a map of them by their bytes.
// Whoever takes a view has the array as it was: it is copied before it is changed.
import { isBefore, QueuedTimer } from './queued-timer.ts';
import type { WrittenTimer } from './timer-codec.ts';
import type { TimerPartition } from './timer-partition.ts';
import { timestampOf } from './timestamps.ts';

export class HeapPartition implements TimerPartition {
  readonly keyGroup: number;
  position = -1;
  readonly isLoaded: boolean = true;
  readonly #byId = new Map<string, QueuedTimer>();
  #heap: QueuedTimer[] = [];
  #isViewed = false;

  constructor(keyGroup: number) {
    this.keyGroup = keyGroup;
  }

  get isEmpty(): boolean {
    return this.#heap.length === 0;
  }

  get earliest(): number {
    return (this.#heap[0] as QueuedTimer).timestamp;
  }

  add(timer: WrittenTimer, key: unknown, namespace: unknown): boolean {
    const id = timer.text();
    if (this.#byId.has(id)) {
      return false;
    }
    return this.#insert(new QueuedTimer(timer.timestamp, id, key, namespace));
  }

  /** Adds a timer that was stored. @throws RestoreError when it is none. */
  restore(id: string): void {
    if (!this.#byId.has(id)) {
      this.#insert(new QueuedTimer(timestampOf(id), id));
    }
  }

  remove(written: WrittenTimer): boolean {
    const timer = this.#byId.get(written.text());
    if (timer === undefined) {
      return false;
    }
    const wasFirst = timer.index === 0;
    this.#take(timer);
    return wasFirst;
  }

  first(): QueuedTimer | undefined {
    return this.#heap[0];
  }

  removeFirst(): void {
    this.#take(this.#heap[0] as QueuedTimer);
  }

  all(): readonly QueuedTimer[] {
    return this.#heap;
  }

  count(): number {
    return this.#heap.length;
  }

  /** The timers as they are now, in no order; they stay so. */
  view(): readonly QueuedTimer[] {
    this.#isViewed = true;
    return this.#heap;
  }

  #insert(timer: QueuedTimer): boolean {
    this.#own();
    this.#byId.set(timer.id, timer);
    this.#heap.push(timer);
    this.#up(timer, this.#heap.length - 1);
    return timer.index === 0;
  }

  #take(timer: QueuedTimer): void {
    this.#own();
    this.#byId.delete(timer.id);
    const last = this.#heap.pop() as QueuedTimer;
    if (last !== timer) {
      this.#down(last, timer.index);
      this.#up(last, last.index);
    }
  }

  #own(): void {
    if (this.#isViewed) {
      this.#heap = this.#heap.slice();
      this.#isViewed = false;
    }
  }

  #up(timer: QueuedTimer, from: number): void {
    const heap = this.#heap;
    let index = from;
    while (index > 0) {
      const parentIndex = (index - 1) >> 1;
      const parent = heap[parentIndex] as QueuedTimer;
      if (!isBefore(timer, parent)) {
        break;
      }
      heap[index] = parent;
      parent.index = index;
      index = parentIndex;
    }
    heap[index] = timer;
    timer.index = index;
  }

  #down(timer: QueuedTimer, from: number): void {
    const heap = this.#heap;
    const { length } = heap;
    let index = from;
    for (;;) {
      let childIndex = 2 * index + 1;
      if (childIndex >= length) {
        break;
      }
      let child = heap[childIndex] as QueuedTimer;
      const right = heap[childIndex + 1];
      if (right !== undefined && isBefore(right, child)) {
        child = right;
        childIndex++;
      }
      if (!isBefore(child, timer)) {
        break;
      }
      heap[index] = child;
      child.index = index;
      index = childIndex;
    }
    heap[index] = timer;
    timer.index = index;
  }
}
