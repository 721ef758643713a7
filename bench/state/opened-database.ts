// The database below a keyed backend, and how it was opened: to compact and to wait for, which the API of state does not
// offer.
import { setTimeout } from 'node:timers/promises';
import type { NativeOpenRequest } from '../../lib/binding/surface.ts';
import { toOpenRequest } from '../../lib/rocksdb/open-options.ts';
import { RocksDB } from '../../lib/rocksdb/rocksdb.ts';

const QUIET_PROPERTIES = [
  'rocksdb.mem-table-flush-pending',
  'rocksdb.num-running-flushes',
  'rocksdb.compaction-pending',
  'rocksdb.num-running-compactions',
];
const POLL_MS = 10;

export class OpenedDatabase {
  readonly #db: RocksDB;
  readonly #state: string;
  readonly request: NativeOpenRequest;

  private constructor(db: RocksDB, state: string, request: NativeOpenRequest) {
    this.#db = db;
    this.#state = state;
    this.request = request;
  }

  /** Answers what `work` opens, with its database; `undefined` when it opens none. */
  static async within<T>(state: string, work: () => Promise<T>): Promise<[T, OpenedDatabase | undefined]> {
    const open = RocksDB.open;
    let database: OpenedDatabase | undefined;
    RocksDB.open = async (path, options) => {
      const db = await open.call(RocksDB, path, options);
      database = new OpenedDatabase(db, state, toOpenRequest(path, options ?? {}));
      return db;
    };
    try {
      return [await work(), database];
    } finally {
      RocksDB.open = open;
    }
  }

  /** Leaves one sorted run of the state's rows. */
  async compact(): Promise<void> {
    await this.#db.compactRange({ columnFamily: this.#db.columnFamily(this.#state) });
  }

  /** Waits until nothing is being flushed or compacted. */
  async settle(): Promise<void> {
    while (await this.#isBusy()) {
      await setTimeout(POLL_MS);
    }
  }

  /** How many rows there are, and the bytes of their values. */
  async contents(): Promise<readonly [rows: number, bytes: number]> {
    let rows = 0;
    let bytes = 0;
    for await (const { value } of this.#db.scan({ columnFamily: this.#db.columnFamily(this.#state) })) {
      rows++;
      bytes += value.length;
    }
    return [rows, bytes];
  }

  /** The sum of a property over all column families. */
  async sumOf(property: string): Promise<number> {
    const { columnFamilies } = this.#db;
    const values = await Promise.all(
      columnFamilies.map((columnFamily) => this.#db.property(property, { columnFamily })),
    );
    return values.reduce((sum, value) => sum + Number(value), 0);
  }

  async #isBusy(): Promise<boolean> {
    const columnFamily = this.#db.columnFamily(this.#state);
    const values = await Promise.all(QUIET_PROPERTIES.map((name) => this.#db.property(name, { columnFamily })));
    return values.some((value) => value !== '0');
  }
}
