// Writes many rows in batches of a size that suits RocksDB, on a worker.
import type { ColumnFamily } from './column-family.ts';
import type { RocksDB } from './rocksdb.ts';
import { WriteBatch } from './write-batch.ts';

const BATCH_BYTES = 1024 * 1024;

export class BulkWriter {
  readonly #db: RocksDB;
  readonly #batch = new WriteBatch();

  constructor(db: RocksDB) {
    this.#db = db;
  }

  /** Answers a promise when the batch is full; it must be awaited before the next row. */
  put(columnFamily: ColumnFamily, key: Uint8Array, value: Uint8Array): Promise<void> | undefined {
    this.#batch.put(columnFamily, key, value);
    return this.#batch.sizeBytes >= BATCH_BYTES ? this.finish() : undefined;
  }

  /** Writes the rows that wait. */
  async finish(): Promise<void> {
    if (this.#batch.count > 0) {
      await this.#db.writeAsync(this.#batch);
      this.#batch.clear();
    }
  }
}
