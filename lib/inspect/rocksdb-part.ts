// Keyed state in the files of a RocksDB database, of Flink or of rockstate: opened on copies or links of them, in a directory
// that is removed afterwards.
import type { KeyGroupRange } from '../api/checkpoint.ts';
import { DataInput } from '../bytes/data-input.ts';
import { RestoreError } from '../errors.ts';
import { keyBoundsOf, keyGroupPrefixBytes, readKeyGroup } from '../keys/composite-key.ts';
import { RocksDB } from '../rocksdb/rocksdb.ts';
import type { Entry, Scan } from '../rocksdb/scan.ts';
import type { KeyedPart, PartHeader, PartRow, RowSelection } from './keyed-part.ts';
import { type PartIdentity, StoredPart } from './stored-part.ts';

/** What differs between those who wrote the files. */
export interface DatabaseOrigin extends PartIdentity {
  readonly layout: 'flink-rocksdb' | 'rockstate-rocksdb';
  header(): Promise<PartHeader>;
  /** Brings the files into a directory, and answers which. It is made once, and removed by whoever made it. */
  bring(): Promise<string>;
}

export class RocksDBPart extends StoredPart {
  readonly layout: DatabaseOrigin['layout'];
  readonly #origin: DatabaseOrigin;
  #db: Promise<RocksDB> | undefined;

  constructor(origin: DatabaseOrigin) {
    super(origin);
    this.layout = origin.layout;
    this.#origin = origin;
  }

  protected readHeader(): Promise<PartHeader> {
    return this.#origin.header();
  }

  protected async *readRows({ keyGroups, isWanted }: RowSelection): AsyncGenerator<PartRow, void> {
    const { states } = await this.header();
    this.#db ??= this.#open();
    const db = await this.#db;
    const known = new Set(db.columnFamilies.map(({ name }) => name));
    const scans = states.flatMap(({ name }, stateId) =>
      // A state of a database that never had a row may have no family.
      isWanted(stateId) && known.has(name) ? [new StateScan(db, stateId, { name, keyGroups, part: this })] : [],
    );
    try {
      for (let keyGroup = keyGroups.start; keyGroup <= keyGroups.end; keyGroup++) {
        for (const scan of scans) {
          yield* scan.rowsOf(keyGroup);
        }
      }
    } finally {
      for (const scan of scans) {
        scan.close();
      }
    }
  }

  async close(): Promise<void> {
    await (await this.#db?.catch(() => undefined))?.close();
    this.#db = undefined;
  }

  async #open(): Promise<RocksDB> {
    const directory = await this.#origin.bring();
    try {
      return await RocksDB.open(directory, { options: { create_if_missing: false } });
    } catch (cause) {
      throw new RestoreError(`The database of ${this.source} can't be opened: ${(cause as Error).message}`, { cause });
    }
  }
}

interface ScanPlace {
  readonly name: string;
  readonly keyGroups: KeyGroupRange;
  readonly part: KeyedPart;
}

// The rows of one state, in the order of key groups.
class StateScan {
  readonly #stateId: number;
  readonly #prefixBytes: 1 | 2;
  readonly #scan: Scan;
  readonly #entries: AsyncGenerator<Entry, void, void>;
  #next: Entry | undefined;
  #isBegun = false;

  constructor(db: RocksDB, stateId: number, { name, keyGroups, part }: ScanPlace) {
    this.#stateId = stateId;
    this.#prefixBytes = keyGroupPrefixBytes(part.maxParallelism);
    const bounds = keyBoundsOf(keyGroups, part.maxParallelism);
    this.#scan = db.scan({ columnFamily: db.columnFamily(name), ...bounds, fillCache: false });
    this.#entries = this.#scan[Symbol.asyncIterator]();
  }

  async *rowsOf(keyGroup: number): AsyncGenerator<PartRow, void> {
    if (!this.#isBegun) {
      this.#isBegun = true;
      await this.#advance();
    }
    while (this.#next !== undefined && readKeyGroup(this.#prefixBytes, new DataInput(this.#next.key)) === keyGroup) {
      const { key, value } = this.#next;
      yield { stateId: this.#stateId, keyGroup, key: key.subarray(this.#prefixBytes), value };
      await this.#advance();
    }
  }

  close(): void {
    this.#scan.close();
  }

  async #advance(): Promise<void> {
    const { value } = await this.#entries.next();
    this.#next = value ?? undefined;
  }
}
