// A value state with far more data than fits the block cache, on a database opened with options of the benchmark's choice.
import { randomFillSync } from 'node:crypto';
import { ValueStateDescriptor } from '../../lib/api/descriptors.ts';
import { stateOpenOptions } from '../../lib/backend/rocksdb-options.ts';
import { Types } from '../../lib/bytes/types.ts';
import { voidNamespaceSerializer } from '../../lib/bytes/void-namespace-serializer.ts';
import { CompositeKeyBuilder } from '../../lib/keys/composite-key.ts';
import { keyGroupOf } from '../../lib/keys/key-groups.ts';
import { type Options, RocksDB } from '../../lib/rocksdb.ts';
import { prefetchRows } from '../../lib/state/prefetch.ts';
import { RowRequests } from '../../lib/state/row-requests.ts';
import { StateTable } from '../../lib/state/state-table.ts';
import { RocksDBValueState } from '../../lib/state/value-state.ts';
import { WriteGate } from '../../lib/state/write-gate.ts';

const MAX_PARALLELISM = 128;
const VALUE_BYTES = 256;
const STATE = new ValueStateDescriptor('value', Types.BYTES);
const keyType = { ...Types.LONG, hashCode: (key: number) => key | 0 };

export class DataSet {
  readonly state: RocksDBValueState<number, undefined, Uint8Array>;
  readonly #db: RocksDB;
  readonly #keys: CompositeKeyBuilder<number>;
  readonly #table: StateTable<number, undefined>;

  private constructor(db: RocksDB) {
    this.#db = db;
    this.#keys = new CompositeKeyBuilder(keyType.serializer, MAX_PARALLELISM, () => db.calls.startKey());
    const options = {
      name: STATE.name,
      columnFamily: db.columnFamily(STATE.name),
      namespaceSerializer: voidNamespaceSerializer,
      namespace: undefined,
    };
    const access = { db, keys: this.#keys, gate: new WriteGate(), requests: new RowRequests(db) };
    this.#table = new StateTable(options, access);
    this.state = new RocksDBValueState(this.#table, STATE, () => undefined);
  }

  static async open(path: string, options: Options = {}): Promise<DataSet> {
    const open = stateOpenOptions([STATE.name]);
    return new DataSet(await RocksDB.open(path, { ...open, options: { ...open.options, ...options } }));
  }

  /** Writes random values, which do not compress, for the keys from 0 on. */
  async fill(keys: number): Promise<void> {
    const value = new Uint8Array(VALUE_BYTES);
    for (let key = 0; key < keys; key++) {
      randomFillSync(value);
      this.setKey(key);
      this.state.update(value);
    }
    await this.#db.flush();
    await this.#db.compactRange({ columnFamily: this.#table.columnFamily });
  }

  setKey(key: number): void {
    this.#keys.setKey(key, keyGroupOf(keyType.hashCode(key), MAX_PARALLELISM));
  }

  prefetch(keys: Iterable<number>): Promise<void> {
    const columnFamilies = [this.#table.columnFamily];
    return prefetchRows(keys, { db: this.#db, columnFamilies, keyType, maxParallelism: MAX_PARALLELISM });
  }

  async sizeBytes(): Promise<number> {
    return (await this.#db.liveFiles()).reduce((sum, file) => sum + file.sizeBytes, 0);
  }

  close(): Promise<void> {
    return this.#db.close();
  }
}
