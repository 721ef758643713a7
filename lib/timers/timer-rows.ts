// The rows of timers in RocksDB: [key group][timer] without a value, a column family for each queue. Writes of all queues of a
// backend are gathered in one batch, which is written before anything is read.
import { DataOutput } from '../bytes/data-output.ts';
import { textOf, writeText } from '../heap/byte-text.ts';
import { keyBoundsOf, keyGroupPrefixBytes, writeKeyGroup } from '../keys/composite-key.ts';
import type { ColumnFamily } from '../rocksdb/column-family.ts';
import type { RocksDB } from '../rocksdb/rocksdb.ts';
import { WriteBatch } from '../rocksdb/write-batch.ts';
import type { WrittenTimer } from './timer-codec.ts';

const MAX_BATCH_RECORDS = 500;
// Of a page that is read: as many rows as are wanted mostly fit, and few more are read in vain.
const ROW_BYTES = 48;
const MIN_PAGE_BYTES = 4 * 1024;
const MAX_PAGE_BYTES = 256 * 1024;
const NO_VALUE = new Uint8Array(0);

/** What all queues of a backend share. */
export class TimerRows {
  readonly maxParallelism: number;
  readonly #db: RocksDB;
  readonly #maxBatchBytes: number;
  readonly #prefixBytes: 1 | 2;
  readonly #batch = new WriteBatch();
  readonly #row = new DataOutput();
  #page: Uint8Array | undefined;

  /** @param maxBatchBytes - at which the batch is written; 0 = without limit. */
  constructor(db: RocksDB, maxParallelism: number, maxBatchBytes: number) {
    this.#db = db;
    this.maxParallelism = maxParallelism;
    this.#maxBatchBytes = maxBatchBytes;
    this.#prefixBytes = keyGroupPrefixBytes(maxParallelism);
  }

  put(family: ColumnFamily, keyGroup: number, { bytes, length }: WrittenTimer): void {
    const row = this.#startRow(keyGroup);
    row.writeBytes(bytes.subarray(0, length));
    this.#batch.put(family, row.bytes.subarray(0, row.position), NO_VALUE);
    this.#flushIfFull();
  }

  delete(family: ColumnFamily, keyGroup: number, { bytes, length }: WrittenTimer): void {
    const row = this.#startRow(keyGroup);
    row.writeBytes(bytes.subarray(0, length));
    this.#batch.delete(family, row.bytes.subarray(0, row.position));
    this.#flushIfFull();
  }

  /** As {@link delete}, by the timer's id. */
  deleteId(family: ColumnFamily, keyGroup: number, id: string): void {
    const row = this.#startRow(keyGroup);
    writeText(id, row);
    this.#batch.delete(family, row.bytes.subarray(0, row.position));
    this.#flushIfFull();
  }

  /** Writes what is in the batch. */
  flush(): void {
    if (this.#batch.count > 0) {
      this.#db.write(this.#batch);
      this.#batch.clear();
    }
  }

  /**
   * The first timers of a key group, in their order.
   *
   * @param after - only those behind this one.
   */
  first(
    family: ColumnFamily,
    keyGroup: number,
    { after, limit }: { after: string | undefined; limit: number },
  ): string[] {
    this.flush();
    const bounds = keyBoundsOf({ start: keyGroup, end: keyGroup }, this.maxParallelism);
    const lower = after === undefined ? bounds.lower : this.#keyBehind(keyGroup, after);
    const scan = this.#db.scan({ columnFamily: family, ...bounds, lower, keysOnly: true });
    const ids: string[] = [];
    let page = this.#page ?? new Uint8Array(Math.min(Math.max(limit * ROW_BYTES, MIN_PAGE_BYTES), MAX_PAGE_BYTES));
    try {
      while (ids.length < limit) {
        const filled = scan.nextPage(page);
        if (filled === 0) {
          break;
        }
        if (filled < 0) {
          page = new Uint8Array(-filled);
        } else {
          this.#readPage(page.subarray(0, filled), ids, limit);
        }
      }
    } finally {
      scan.close();
      this.#page = page;
    }
    return ids;
  }

  /** All timers of a key group. */
  *all(family: ColumnFamily, keyGroup: number): Generator<string, void> {
    for (const key of this.#keysOf(family, keyGroup)) {
      yield textOf(key, this.#prefixBytes, key.length);
    }
  }

  count(family: ColumnFamily, keyGroup: number): number {
    let count = 0;
    for (const _ of this.#keysOf(family, keyGroup)) {
      count++;
    }
    return count;
  }

  *#keysOf(columnFamily: ColumnFamily, keyGroup: number): Generator<Uint8Array, void> {
    this.flush();
    const bounds = keyBoundsOf({ start: keyGroup, end: keyGroup }, this.maxParallelism);
    for (const { key } of this.#db.scan({ columnFamily, ...bounds, keysOnly: true, fillCache: false })) {
      yield key;
    }
  }

  /** The least key that a timer behind another one may have. */
  #keyBehind(keyGroup: number, id: string): Uint8Array {
    const row = this.#startRow(keyGroup);
    writeText(id, row);
    row.writeByte(0);
    return row.copy();
  }

  // Entries are [length of key][length of value][key], lengths in machine order.
  #readPage(page: Uint8Array, ids: string[], limit: number): void {
    const view = new DataView(page.buffer);
    for (let position = 0; position < page.length && ids.length < limit; ) {
      const start = position + 8;
      position = start + view.getUint32(position, true);
      ids.push(textOf(page, start + this.#prefixBytes, position));
    }
  }

  #startRow(keyGroup: number): DataOutput {
    const row = this.#row;
    row.position = 0;
    writeKeyGroup(keyGroup, this.#prefixBytes, row);
    return row;
  }

  #flushIfFull(): void {
    const { count, sizeBytes } = this.#batch;
    if (count >= MAX_BATCH_RECORDS || (this.#maxBatchBytes > 0 && sizeBytes >= this.#maxBatchBytes)) {
      this.flush();
    }
  }
}
