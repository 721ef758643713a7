// Puts restored timers where the backend keeps them: those of the database into memory, or those that were in memory into the
// database.

import { DataInput } from '../bytes/data-input.ts';
import { inputOf, textOf } from '../heap/byte-text.ts';
import { TimeSlice } from '../heap/time-slice.ts';
import { keyGroupPrefixBytes, readKeyGroup, rowKeyOf } from '../keys/composite-key.ts';
import { restoreTimers, type TimersRestore } from '../restore/timers-restore.ts';
import { BulkWriter } from '../rocksdb/bulk-writer.ts';
import type { ColumnFamily } from '../rocksdb/column-family.ts';
import type { RocksDB } from '../rocksdb/rocksdb.ts';
import { HeapTimerQueue } from '../timers/heap-timer-queue.ts';
import type { RestorePlan } from './restore-plan.ts';

/** What was restored, and how. */
export interface TimersToPlace extends Omit<TimersRestore, 'storage' | 'tableOf' | 'wanted'> {
  readonly db: RocksDB;
  readonly plan: RestorePlan;
  /** Names of the queues that there are. */
  readonly queues: readonly string[];
}

/** The queues by name, in memory. Their column families are dropped. */
export async function timersIntoMemory(place: TimersToPlace): Promise<Map<string, HeapTimerQueue>> {
  const { db, plan, queues } = place;
  const { keyGroupRange, maxParallelism } = plan.target;
  const placed = new Map(queues.map((name) => [name, new HeapTimerQueue(keyGroupRange)]));
  for (const [name, queue] of placed) {
    const family = db.columnFamily(name);
    await moveRows(db, family, queue, maxParallelism);
    await db.dropColumnFamily(family);
  }
  await restoreFiles(place, (name) => placed.get(name) as HeapTimerQueue);
  return placed;
}

/** Writes timers that were in memory into the column families of their queues. */
export async function timersIntoDatabase(place: TimersToPlace): Promise<void> {
  const { db, plan } = place;
  const prefixBytes = keyGroupPrefixBytes(plan.target.maxParallelism);
  const writer = new BulkWriter(db);
  await restoreFiles(place, (name) => {
    const family = db.columnFamily(name);
    return {
      set: ({ keyGroup, id }) =>
        writer.put(family, rowKeyOf(keyGroup, inputOf(id).bytes, prefixBytes), new Uint8Array(0)),
    };
  });
  await writer.finish();
}

async function restoreFiles(place: TimersToPlace, tableOf: TimersRestore['tableOf']): Promise<void> {
  const { checkpoint, handles, target } = place.plan;
  if (checkpoint !== undefined) {
    await restoreTimers(handles, { ...place, tableOf, storage: checkpoint.storage, wanted: target.keyGroupRange });
  }
}

async function moveRows(db: RocksDB, columnFamily: ColumnFamily, to: HeapTimerQueue, maxParallelism: number) {
  const prefixBytes = keyGroupPrefixBytes(maxParallelism);
  const slice = new TimeSlice();
  for await (const { key } of db.scan({ columnFamily, keysOnly: true, fillCache: false })) {
    to.set({ keyGroup: readKeyGroup(prefixBytes, new DataInput(key)), id: textOf(key, prefixBytes, key.length) });
    if (slice.isOver) {
      await slice.next();
    }
  }
}
