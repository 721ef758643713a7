// Many rows of a state, written in batches of a limited size.
import type { PrefixScan } from '../rocksdb/prefix-scan.ts';
import { WriteBatch } from '../rocksdb/write-batch.ts';
import type { StateTable } from './state-table.ts';

// As in Flink's batches of map states: a batch is written when it has so many entries.
const BATCH_ENTRIES = 500;
// A batch is used again unless it had more.
const KEEP_BYTES = 64 * 1024;

type WrittenTable = Pick<StateTable<unknown, unknown>, 'columnFamily' | 'db' | 'writeBatchBytes'>;

export class WriteBatches {
  readonly #table: WrittenTable;
  #spare: WriteBatch | undefined;

  constructor(table: WrittenTable) {
    this.#table = table;
  }

  /** Adds all items to batches, and only then writes them: what `add` throws for stops the whole. */
  writeAll<T>(items: readonly T[], add: (batch: WriteBatch, item: T) => void): void {
    let batch = this.#emptyBatch();
    const batches = [batch];
    for (const item of items) {
      if (this.#isFull(batch)) {
        batch = new WriteBatch();
        batches.push(batch);
      }
      add(batch, item);
    }
    for (const each of batches) {
      this.#write(each);
    }
  }

  /** Deletes the rows of a scan. */
  removeAll(rows: PrefixScan): void {
    const batch = this.#emptyBatch();
    while (rows.next()) {
      batch.delete(this.#table.columnFamily, rows.key);
      if (this.#isFull(batch)) {
        this.#table.db.write(batch);
        batch.clear();
      }
    }
    this.#write(batch);
  }

  // Serializers are the program's, and may come here again.
  #emptyBatch(): WriteBatch {
    const batch = this.#spare ?? new WriteBatch();
    this.#spare = undefined;
    batch.clear();
    return batch;
  }

  #write(batch: WriteBatch): void {
    if (batch.count > 0) {
      this.#table.db.write(batch);
    }
    if (batch.sizeBytes <= KEEP_BYTES) {
      this.#spare = batch;
    }
  }

  #isFull({ count, sizeBytes }: WriteBatch): boolean {
    const limit = this.#table.writeBatchBytes;
    return count >= BATCH_ENTRIES || (limit > 0 && sizeBytes >= limit);
  }
}
