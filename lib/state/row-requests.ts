// Collects asynchronous requests and carries them out off the JS thread, many in one go: one multi-get for all rows that
// have to be read, the requests of each row one after another in memory, one write batch for all rows that changed.
import { setImmediate } from 'node:timers/promises';
import type { ColumnFamily } from '../rocksdb/column-family.ts';
import type { RocksDB } from '../rocksdb/rocksdb.ts';
import { WriteBatch } from '../rocksdb/write-batch.ts';
import { type Row, RowChange } from './row-change.ts';

/** What is to be done with one row. */
export interface RowRequest<R> {
  readonly columnFamily: ColumnFamily;
  readonly key: Uint8Array;
  /** Whether `apply` looks at what is stored. */
  readonly needsValue: boolean;
  /** Runs on the JS thread, after the requests made before it on the same row. When it throws, the row stays as it was. */
  readonly apply: (row: Row) => R;
}

interface Waiting {
  readonly request: RowRequest<unknown>;
  readonly resolve: (result: never) => void;
  readonly reject: (error: unknown) => void;
}

export class RowRequests {
  readonly #db: RocksDB;
  // All rounds so far, one behind the other.
  #rounds: Promise<void> = Promise.resolve();
  // The requests of the last round, while it has not begun.
  #gathering: Waiting[] | undefined;

  constructor(db: RocksDB) {
    this.#db = db;
  }

  /** Adds a request. Those added until the event loop's next turn, or while an earlier round is under way, go together. */
  add<R>(request: RowRequest<R>): Promise<R> {
    return new Promise<R>((resolve, reject) => {
      this.#round().push({ request, resolve, reject });
    });
  }

  /** Settles when all that has been added is carried out. Failures are told to whoever made the requests, not here. */
  drain(): Promise<void> {
    return this.#rounds;
  }

  /** Requests added from now on wait until `until` has settled. */
  hold(until: Promise<unknown>): void {
    this.#gathering = undefined;
    const settled = until.then(
      () => {},
      () => {},
    );
    this.#rounds = this.#rounds.then(() => settled);
  }

  #round(): Waiting[] {
    if (this.#gathering !== undefined) {
      return this.#gathering;
    }
    const requests: Waiting[] = [];
    this.#gathering = requests;
    this.#rounds = this.#rounds
      .then(() => setImmediate())
      .then(() => {
        if (this.#gathering === requests) {
          this.#gathering = undefined;
        }
        return this.#carryOut(requests);
      });
    return requests;
  }

  async #carryOut(requests: readonly Waiting[]): Promise<void> {
    try {
      const rows = new Map<string, RowChange>();
      const steps = requests.map((waiting) => ({ waiting, row: rowOf(rows, waiting.request) }));
      await this.#read([...rows.values()].filter((row) => row.needsRead));
      const outcomes = steps.map(({ waiting, row }) => tryApply(waiting, row));
      await this.#write([...rows.values()]);
      for (const settle of outcomes) {
        settle();
      }
    } catch (error) {
      for (const { reject } of requests) {
        reject(error);
      }
    }
  }

  async #read(rows: readonly RowChange[]): Promise<void> {
    const byFamily = new Map<ColumnFamily, RowChange[]>();
    for (const row of rows) {
      const family = byFamily.get(row.columnFamily);
      if (family === undefined) {
        byFamily.set(row.columnFamily, [row]);
      } else {
        family.push(row);
      }
    }
    await Promise.all([...byFamily].map(([columnFamily, familyRows]) => this.#readFamily(columnFamily, familyRows)));
  }

  async #readFamily(columnFamily: ColumnFamily, rows: readonly RowChange[]): Promise<void> {
    const keys = rows.map((row) => row.key);
    const values = await this.#db.multiGetEachAsync(keys, { columnFamily });
    rows.forEach((row, index) => {
      row.load(values[index]);
    });
  }

  async #write(rows: readonly RowChange[]): Promise<void> {
    const batch = new WriteBatch();
    for (const row of rows) {
      row.addTo(batch);
    }
    if (batch.count > 0) {
      await this.#db.writeAsync(batch);
    }
  }
}

function rowOf(rows: Map<string, RowChange>, request: RowRequest<unknown>): RowChange {
  const { columnFamily, key } = request;
  const id = `${columnFamily.number}:${Buffer.from(key.buffer, key.byteOffset, key.byteLength).toString('latin1')}`;
  let row = rows.get(id);
  if (row === undefined) {
    row = new RowChange(columnFamily, key);
    rows.set(id, row);
  }
  row.needsRead ||= request.needsValue;
  return row;
}

// The result is told only when the round's writes are done.
function tryApply({ request, resolve, reject }: Waiting, row: RowChange): () => void {
  try {
    const result = row.attempt(request.apply);
    return () => resolve(result as never);
  } catch (error) {
    return () => reject(error);
  }
}
