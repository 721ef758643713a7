// A queue of timers in memory.
import type { RowAddress, TableView } from '../heap/copy-on-write-table.ts';
import { UnreadRow } from '../heap/value-formats.ts';
import { HeapPartition } from './heap-partition.ts';
import { TimerQueue } from './timer-queue.ts';

// Rows of timers have no value.
const NO_VALUE = new UnreadRow('');

export class HeapTimerQueue extends TimerQueue<HeapPartition> {
  protected createPartition(keyGroup: number): HeapPartition {
    return new HeapPartition(keyGroup);
  }

  /** Adds a timer that was stored, by its row. @throws RestoreError when it is none. */
  set({ keyGroup, id }: Pick<RowAddress, 'keyGroup' | 'id'>): void {
    const partition = this.partition(keyGroup);
    partition.restore(id);
    this.updated(partition);
  }

  /** The timers as they are now, as rows; they stay so. */
  view(): TableView<unknown> {
    const timers = new Map(
      this.partitions()
        .filter((partition) => !partition.isEmpty)
        .map((partition) => [partition.keyGroup, partition.view()]),
    );
    return {
      keyGroups: () => [...timers.keys()],
      size: (keyGroup) => timers.get(keyGroup)?.length ?? 0,
      *rows(keyGroup) {
        for (const { id } of timers.get(keyGroup) ?? []) {
          yield { id, value: NO_VALUE, version: 0 };
        }
      },
    };
  }
}
