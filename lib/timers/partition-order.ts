// The partitions of a queue that may have timers, as a binary heap by what is due first in them.
import type { TimerPartition } from './timer-partition.ts';

export class PartitionOrder<P extends TimerPartition> {
  readonly #heap: P[] = [];

  /** The partition that may have the first timer of all. */
  get top(): P | undefined {
    return this.#heap[0];
  }

  /** Puts a partition where it belongs after its timers have changed. */
  update(partition: P): void {
    const { position } = partition;
    if (partition.isEmpty) {
      if (position >= 0) {
        this.#remove(position);
      }
    } else if (position < 0) {
      this.#heap.push(partition);
      this.#up(partition, this.#heap.length - 1);
    } else {
      this.#down(partition, position);
      this.#up(partition, partition.position);
    }
  }

  #remove(position: number): void {
    const heap = this.#heap;
    (heap[position] as P).position = -1;
    const last = heap.pop() as P;
    if (last.position >= 0) {
      this.#down(last, position);
      this.#up(last, last.position);
    }
  }

  #up(partition: P, from: number): void {
    const heap = this.#heap;
    let position = from;
    while (position > 0) {
      const parentPosition = (position - 1) >> 1;
      const parent = heap[parentPosition] as P;
      if (!isBefore(partition, parent)) {
        break;
      }
      heap[position] = parent;
      parent.position = position;
      position = parentPosition;
    }
    heap[position] = partition;
    partition.position = position;
  }

  #down(partition: P, from: number): void {
    const heap = this.#heap;
    let position = from;
    for (;;) {
      let childPosition = 2 * position + 1;
      let child = heap[childPosition];
      if (child === undefined) {
        break;
      }
      const right = heap[childPosition + 1];
      if (right !== undefined && isBefore(right, child)) {
        child = right;
        childPosition++;
      }
      if (!isBefore(child, partition)) {
        break;
      }
      heap[position] = child;
      child.position = position;
      position = childPosition;
    }
    heap[position] = partition;
    partition.position = position;
  }
}

function isBefore(a: TimerPartition, b: TimerPartition): boolean {
  const first = a.earliest;
  const second = b.earliest;
  return first < second || (first === second && a.keyGroup < b.keyGroup);
}
