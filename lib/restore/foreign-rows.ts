// The rows of a savepoint that are not in the canonical format, one by one, as RocksDB has them: those that Flink's heap
// backend wrote, and those that are in memory.
import { open } from 'node:fs/promises';
import { TimeSlice } from '../heap/time-slice.ts';
import { heapCanonicalRows, type StateRow } from '../savepoint/heap-canonical-rows.ts';
import { nativeSnappy } from '../savepoint/native-snappy.ts';
import { readAt } from './savepoint-bytes.ts';
import type { HeapFile, SavepointState } from './savepoint-state.ts';

/** Takes a row, which is good until it returns. A promise is waited for before the next row. */
export type RowVisitor = (row: StateRow) => Promise<void> | undefined;

/**
 * A key group of the heap backend is in memory as a whole, as it was in Flink.
 *
 * @throws SavepointFormatError when a file is damaged.
 */
export async function visitForeignRows({ heapFiles, rows }: SavepointState, visit: RowVisitor): Promise<void> {
  const slice = new TimeSlice();
  for (const file of heapFiles) {
    await visitFile(file, visit, slice);
  }
  await visitAll(rows, visit, slice);
}

async function visitFile({ compressed, cuts, keyGroups, path }: HeapFile, visit: RowVisitor, slice: TimeSlice) {
  await using file = await open(path, 'r');
  for (const { keyGroup, begin, end } of keyGroups) {
    const bytes = await readAt(file, begin, end - begin);
    const group = { keyGroup, bytes, source: path, ...(compressed && { codec: nativeSnappy }) };
    await visitAll(heapCanonicalRows(group, cuts), visit, slice);
  }
}

async function visitAll(rows: Iterable<StateRow>, visit: RowVisitor, slice: TimeSlice): Promise<void> {
  for (const row of rows) {
    const written = visit(row);
    if (written !== undefined) {
      await written;
    }
    if (slice.isOver) {
      await slice.next();
    }
  }
}
