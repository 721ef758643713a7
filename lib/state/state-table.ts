// The rows of one state: one column family, accessed under the current key and a namespace.
import type { TypeSerializer } from '../api/type-information.ts';
import type { NativeValue } from '../binding/surface.ts';
import { accessFailure, type FailedAccess } from '../bytes/access-failure.ts';
import { DataInput } from '../bytes/data-input.ts';
import type { DataOutput } from '../bytes/data-output.ts';
import { describe, SerializationError, StateAccessError, typeError } from '../errors.ts';
import type { CompositeKeyBuilder } from '../keys/composite-key.ts';
import type { ColumnFamily } from '../rocksdb/column-family.ts';
import type { PrefixScan, PrefixScanOptions } from '../rocksdb/prefix-scan.ts';
import type { RocksDB } from '../rocksdb/rocksdb.ts';
import type { Entry } from '../rocksdb/scan.ts';
import { WriteBatch } from '../rocksdb/write-batch.ts';
import { AsyncRows } from './async-rows.ts';
import type { RowRequests } from './row-requests.ts';
import type { RowState, RowTtl } from './row-ttl.ts';
import type { WriteGate } from './write-gate.ts';

/** What all states of a keyed backend share. */
export interface KeyedAccess<K> {
  readonly db: RocksDB;
  readonly keys: CompositeKeyBuilder<K>;
  readonly gate: WriteGate;
  readonly requests: RowRequests;
  /** Bytes at which a write batch is written; 0 = without limit. */
  readonly writeBatchBytes: number;
}

/** Names a state's table. */
export interface TableOptions<N> {
  readonly name: string;
  readonly columnFamily: ColumnFamily;
  readonly namespaceSerializer: TypeSerializer<N>;
  readonly namespace: N;
  readonly lifetime: StateLifetime;
  /** Where rows expire as a whole. */
  readonly ttl?: RowTtl | undefined;
}

/** Whether a state is still there. */
export interface StateLifetime {
  isOver: boolean;
}

/**
 * A call begins with `startKey`, which writes key and namespace; a map's user key may follow. Then either `get` or
 * `remove`, or `startValue`, the value, and `put` or `merge`.
 */
export class StateTable<K, N> {
  readonly name: string;
  readonly columnFamily: ColumnFamily;
  readonly db: RocksDB;
  /** Bytes at which a write batch is written; 0 = without limit. */
  readonly writeBatchBytes: number;
  /** For the asynchronous forms. */
  readonly asyncRows: AsyncRows;
  readonly #keys: CompositeKeyBuilder<K>;
  readonly #gate: WriteGate;
  readonly #namespaceSerializer: TypeSerializer<N>;
  readonly #output: DataOutput;
  readonly #lifetime: StateLifetime;
  readonly #ttl: RowTtl | undefined;
  #namespace: N;
  #keyEnd = 0;

  constructor(options: TableOptions<N>, access: KeyedAccess<K>) {
    this.name = options.name;
    this.columnFamily = options.columnFamily;
    this.db = access.db;
    this.writeBatchBytes = access.writeBatchBytes;
    this.asyncRows = new AsyncRows(access.requests, options.columnFamily, options.ttl);
    this.#keys = access.keys;
    this.#gate = access.gate;
    this.#namespaceSerializer = options.namespaceSerializer;
    this.#namespace = options.namespace;
    this.#lifetime = options.lifetime;
    this.#output = access.db.calls.output;
    this.#ttl = options.ttl;
  }

  /** Whether rows have a time, by which they expire as a whole. */
  get expires(): boolean {
    return this.#ttl !== undefined;
  }

  /** Whether no snapshot is being captured. */
  get isWritable(): boolean {
    return this.#gate.isOpen;
  }

  get namespace(): N {
    return this.#namespace;
  }

  /** @throws TypeError `ERR_INVALID_NAMESPACE` for `null`, or `undefined` where the namespace is not void. */
  set namespace(namespace: N) {
    if (namespace === null || (namespace === undefined && this.#namespace !== undefined)) {
      throw typeError(
        'ERR_INVALID_NAMESPACE',
        `State '${this.name}' needs a namespace; received ${describe(namespace)}.`,
      );
    }
    this.#namespace = namespace;
  }

  /** Writes the row's key. The output is positioned for a user key. */
  startKey(): DataOutput {
    if (this.#lifetime.isOver) {
      throw new StateAccessError('ERR_STATE_DROPPED', `State '${this.name}' was dropped.`);
    }
    try {
      return this.#keys.withNamespace(this.#namespace, this.#namespaceSerializer);
    } catch (cause) {
      throw this.#notStarted(cause);
    }
  }

  #notStarted(cause: unknown): unknown {
    return cause instanceof StateAccessError
      ? cause
      : this.failure({ action: 'accessed', given: ['namespace', this.#namespace], cause });
  }

  /** The row's value, to be read before the next call; `undefined` when there is no row, or only one that has expired. */
  get(): DataInput | undefined {
    const input = this.db.calls.get(this.columnFamily.number, this.#output.position);
    return this.#ttl === undefined || input === undefined ? input : this.#visible(input, this.#ttl);
  }

  /** As {@link get}, for who is going to replace the row: it does not live on by this, and one that has expired is none. */
  getForUpdate(): DataInput | undefined {
    const input = this.db.calls.get(this.columnFamily.number, this.#output.position);
    if (this.#ttl === undefined || input === undefined) {
      return input;
    }
    const state = this.#judge(input, this.#ttl);
    return state === 'expired' || state === 'none' ? undefined : input;
  }

  /** The rows whose keys start with what was written since `startKey`, as they are now. */
  scan(options: PrefixScanOptions): PrefixScan {
    return this.db.calls.scanPrefix(this.columnFamily.number, this.#output.position, options);
  }

  /** Whether there are such rows, expired or not. */
  hasRows(): boolean {
    return this.db.calls.hasPrefix(this.columnFamily.number, this.#output.position);
  }

  /** The value of a row that a scan has found; `undefined` when it is not to be shown. */
  valueIn(row: PrefixScan): DataInput | undefined {
    const input = row.valueInput();
    const ttl = this.#ttl;
    if (ttl === undefined) {
      return input;
    }
    const state = this.#judge(input, ttl, row);
    if (state === 'expired' || state === 'stale') {
      this.#settle(row, state, ttl);
    }
    return ttl.shows(state) ? input : undefined;
  }

  /** As {@link valueIn}, with what becomes of the row left to a request, whose end `settled` is told. */
  valueInAsync(row: Entry, settled: (end: Promise<void>) => void): DataInput | undefined {
    const input = new DataInput(row.value);
    const ttl = this.#ttl;
    if (ttl === undefined) {
      return input;
    }
    const state = this.#judge(input, ttl, row);
    if (state === 'expired' || state === 'stale') {
      settled(this.asyncRows.settle(row.key, row.value, state));
    }
    return ttl.shows(state) ? input : undefined;
  }

  /** Whether a row that a scan has found is to be shown. */
  shows(row: Entry): boolean {
    const ttl = this.#ttl;
    return ttl === undefined || ttl.shows(this.#judge(new DataInput(row.value), ttl, row));
  }

  /** The row's value, to be read in pieces. */
  openValue(): NativeValue | undefined {
    return this.db.calls.openValue(this.columnFamily.number, this.#output.position);
  }

  /** As `openValue`, of a row by its whole key, read on a worker. */
  openValueAsync(key: Uint8Array): Promise<NativeValue | undefined> {
    return this.db.calls.openValueAsync(this.columnFamily.number, key);
  }

  /** Ends the row's key: what is written from here on is the value. */
  startValue(): DataOutput {
    this.#gate.check();
    this.#keyEnd = this.#output.position;
    this.#ttl?.writeHead(this.#output);
    return this.#output;
  }

  /** Writes what comes before a value that is not written behind its key. */
  startBytes(output: DataOutput): void {
    this.#ttl?.writeHead(output);
  }

  /** Stores what was written since `startValue`. */
  put(): void {
    this.db.calls.put(this.columnFamily.number, this.#keyEnd);
  }

  /** Appends what was written since `startValue` to the row, joined by the list delimiter. */
  merge(): void {
    this.db.calls.merge(this.columnFamily.number, this.#keyEnd);
  }

  /** Deletes the row. */
  remove(): void {
    this.#gate.check();
    this.db.calls.remove(this.columnFamily.number, this.#output.position);
  }

  /** Replaces the value of any row by its whole key. */
  putRow(key: Uint8Array, value: Uint8Array): void {
    this.#gate.check();
    this.db.write(new WriteBatch().put(this.columnFamily, key, value));
  }

  /** Deletes any row by its whole key. */
  removeRow(key: Uint8Array): void {
    this.#gate.check();
    this.db.write(new WriteBatch().delete(this.columnFamily, key));
  }

  /** @throws StateAccessError while a snapshot is being captured. */
  checkWritable(): void {
    this.#gate.check();
  }

  /** @param row - the whole key of the row in question; without it, the current key is. */
  failure(access: Pick<FailedAccess, 'action' | 'given' | 'cause'>, row?: Uint8Array): Error {
    const key = () => (row === undefined ? this.#keys.readKey() : this.#keys.keyIn(row));
    return accessFailure({ state: this.name, key, ...access });
  }

  /** Runs `work` under another namespace. */
  within<R>(namespace: N, work: () => R): R {
    const before = this.#namespace;
    this.namespace = namespace;
    try {
      return work();
    } finally {
      this.#namespace = before;
    }
  }

  /** The bytes of the current key and namespace: what all rows of a map start with. */
  rowPrefix(): Uint8Array {
    this.startKey();
    return this.writtenKey();
  }

  /** A copy of the key as it is written so far. */
  writtenKey(): Uint8Array {
    return this.#output.copy(this.db.calls.keyOffset);
  }

  // The key is in the call buffer still, so that the row can be removed, or put again with another time.
  #visible(input: DataInput, ttl: RowTtl): DataInput | undefined {
    const state = this.#judge(input, ttl);
    if (state === 'expired' && this.#gate.isOpen) {
      this.db.calls.remove(this.columnFamily.number, this.#output.position);
    } else if (state === 'stale' && this.#gate.isOpen) {
      const keyEnd = this.#output.position;
      ttl.writeHead(this.#output);
      this.db.calls.bringBehindKey(input);
      this.db.calls.put(this.columnFamily.number, keyEnd);
      this.#output.position = keyEnd;
    }
    return ttl.shows(state) ? input : undefined;
  }

  // What the program wrote since the scan began is neither removed nor written over.
  #settle({ key, value }: Entry, state: RowState, ttl: RowTtl): void {
    const { columnFamily, db } = this;
    const present = this.#gate.isOpen ? db.calls.getAside(columnFamily.number, key) : undefined;
    if (present === undefined || Buffer.compare(present, value) !== 0) {
      return;
    }
    const batch = new WriteBatch();
    db.write(
      state === 'expired' ? batch.delete(columnFamily, key) : batch.put(columnFamily, key, ttl.refreshed(present)),
    );
  }

  #judge(input: DataInput, ttl: RowTtl, row?: Entry): RowState {
    try {
      return ttl.judge(input);
    } catch (cause) {
      // A clock that fails is no matter of the row.
      throw cause instanceof SerializationError ? this.failure({ action: 'read', cause }, row?.key) : cause;
    }
  }
}
