// The rows of one state in memory, accessed under the current key and a namespace.
import type { TypeSerializer } from '../api/type-information.ts';
import { accessFailure, type FailedAccess } from '../bytes/access-failure.ts';
import type { DataOutput } from '../bytes/data-output.ts';
import { isWritable } from '../bytes/size-bound.ts';
import { describe, StateAccessError, typeError } from '../errors.ts';
import { hashOf, TextOutput } from './byte-text.ts';
import type { CopyOnWriteTable, RowAddress } from './copy-on-write-table.ts';
import type { RowAddresses } from './row-addresses.ts';
import type { SnapshotVersions } from './snapshot-versions.ts';
import type { Unexpired } from './unexpired-view.ts';
import { isMutable, readValue, UnreadValue, type ValueFormat, type ValueReader } from './value-formats.ts';

export interface HeapGate {
  /** Whether state may be written. */
  readonly isOpen: boolean;
  /** Throws while state may not be written. */
  check(): void;
}

/** What all states of a keyed backend share. */
export interface HeapAccess<K> {
  readonly addresses: RowAddresses<K>;
  readonly versions: SnapshotVersions;
  readonly gate: HeapGate;
  /** Has something done with every record, before its key becomes current. */
  onRecord(step: () => void): void;
}

/** All that a backend has of one state. */
export interface StoredRows {
  readonly table: CopyOnWriteTable<unknown>;
  /** Absent until the program asks for the state. */
  format?: ValueFormat<unknown>;
  /** Whether the rows are those of a savepoint, as the program did not ask for the state yet: a map has one for each entry. */
  isCanonical?: boolean;
  /** Whether the state is there no more. */
  isDropped?: boolean;
  /** Of a state whose snapshots leave out what has expired. */
  unexpired?: Unexpired<unknown>;
}

/** Names a state's table. */
export interface HeapTableOptions<N> {
  readonly name: string;
  readonly rows: StoredRows;
  readonly namespaceSerializer: TypeSerializer<N>;
  readonly namespace: N;
  /** Of restored values, where another serializer wrote them. */
  readonly reader: ValueReader<unknown> | undefined;
}

/** The rows of a state that holds one value a row; see {@link HeapStateTable}. */
export interface ValueTable<N, V> {
  set namespace(namespace: N);
  row(): RowAddress;
  passingRow(): RowAddress;
  rowIn(namespace: N): RowAddress;
  look(address: RowAddress): V | undefined;
  own(address: RowAddress): V | undefined;
  ownForUpdate(address: RowAddress): V | undefined;
  put(address: RowAddress, value: V): void;
  remove(address: RowAddress): void;
  copy(address: RowAddress): V | undefined;
  checkWritable(): void;
  check<T>(value: T, serializer: TypeSerializer<T>): void;
}

const scratch = new TextOutput();

/** @typeParam V - what a row holds. */
export class HeapStateTable<K, N, V> implements ValueTable<N, V> {
  readonly name: string;
  readonly #addresses: RowAddresses<K>;
  readonly #versions: SnapshotVersions;
  readonly #gate: HeapGate;
  readonly #namespaceSerializer: TypeSerializer<N>;
  readonly #table: CopyOnWriteTable<V | UnreadValue>;
  readonly #format: ValueFormat<V>;
  readonly #rows: StoredRows;
  #namespace: N;

  constructor(options: HeapTableOptions<N>, access: HeapAccess<K>, format: ValueFormat<V>) {
    this.name = options.name;
    this.#addresses = access.addresses;
    this.#versions = access.versions;
    this.#gate = access.gate;
    this.#namespaceSerializer = options.namespaceSerializer;
    this.#table = options.rows.table as CopyOnWriteTable<V | UnreadValue>;
    this.#format = format;
    this.#namespace = options.namespace;
    this.#rows = options.rows;
    options.rows.format = format as ValueFormat<unknown>;
  }

  /** @throws TypeError `ERR_INVALID_NAMESPACE` for `null`, or `undefined` where the namespace is not void. */
  set namespace(namespace: N) {
    this.#namespace = this.#checked(namespace);
  }

  /** The row of the current key and namespace. @throws StateAccessError `ERR_NO_CURRENT_KEY`, `ERR_BACKEND_CLOSED`. */
  row(): RowAddress {
    return this.#addressOf(this.#namespace, false);
  }

  /**
   * As {@link row}, for who uses it before anything else is done with state: it is the address of another row then. Costs no
   * memory.
   */
  passingRow(): RowAddress {
    return this.#addressOf(this.#namespace, true);
  }

  /** The row of the current key and another namespace. */
  rowIn(namespace: N): RowAddress {
    return this.#addressOf(this.#checked(namespace), false);
  }

  /** What a row holds, to be looked at only: a snapshot may have it too. */
  look(address: RowAddress): V | undefined {
    const value = this.#table.get(address)?.value;
    return value instanceof UnreadValue ? this.#decode(address, value) : value;
  }

  /** What a row holds, to be given out or changed: if a snapshot has it, a copy has taken its place. */
  own(address: RowAddress): V | undefined {
    const present = this.#table.get(address);
    if (present === undefined) {
      return undefined;
    }
    const { value, version } = present;
    if (value instanceof UnreadValue) {
      return this.#decode(address, value);
    }
    if (!isMutable(value) || !this.isHeld(version)) {
      return value;
    }
    const row = lasting(address);
    const copy = this.reading(row, () => this.#format.copy(value));
    this.#table.set(row, copy);
    return copy;
  }

  /** As {@link own}, for who is going to put something in its place. */
  ownForUpdate(address: RowAddress): V | undefined {
    return this.own(address);
  }

  /** Sets what a row holds. */
  put(address: RowAddress, value: V): void {
    this.#table.set(address, value);
  }

  remove(address: RowAddress): void {
    this.#table.delete(address);
  }

  /** A copy of what a row holds. */
  copy(address: RowAddress): V | undefined {
    const value = this.look(address);
    return value === undefined ? undefined : this.reading(address, () => this.#format.copy(value));
  }

  /** Whether no snapshot is being captured. */
  get isWritable(): boolean {
    return this.#gate.isOpen;
  }

  /** Goes over all rows; see `CleanedRows`. */
  *addresses(): Generator<RowAddress | undefined, void, void> {
    const { start, end } = this.#table.keyGroupRange;
    const view = this.#table.view();
    for (let keyGroup = start; keyGroup <= end; keyGroup++) {
      if (view.size(keyGroup) > 0) {
        for (const { id } of view.rows(keyGroup)) {
          yield { keyGroup, id, hash: hashOf(id) };
        }
      }
      yield undefined;
    }
  }

  /** The version that is written now. */
  get version(): number {
    return this.#versions.current;
  }

  /** Whether a snapshot has what was written at this version. */
  isHeld(version: number): boolean {
    return this.#versions.isHeld(version);
  }

  /**
   * For synchronous calls. They fail on every backend; asynchronous ones would wait, which is not needed where the snapshot
   * has its view already.
   *
   * @throws StateAccessError while a snapshot is being captured.
   */
  checkWritable(): void {
    this.#gate.check();
  }

  /**
   * Refuses now what could never be snapshotted. Where it can't be told otherwise, it is serialized into nowhere.
   *
   * @param address - the row that the value is for, if that need not be of the current key.
   * @throws StateAccessError as {@link row}, rather than SerializationError that names state, key and value.
   */
  check<T>(value: T, serializer: TypeSerializer<T>, address?: RowAddress): void {
    if (isWritable(value, serializer)) {
      return;
    }
    try {
      serializer.serialize(value, scratch.start());
    } catch (cause) {
      if (address === undefined) {
        this.row();
      }
      throw this.failure({ action: 'written', given: ['value', value], cause }, address);
    }
  }

  /** As {@link check}, of something that `write` writes. */
  checkAll(value: unknown, write: (output: DataOutput) => void, address?: RowAddress): void {
    try {
      write(scratch.start());
    } catch (cause) {
      throw this.failure({ action: 'written', given: ['value', value], cause }, address);
    }
  }

  /**
   * A map's key as text.
   *
   * @throws StateAccessError as {@link row}, rather than SerializationError that names state, key and the map's key.
   */
  textOfMapKey<UK>(mapKey: UK, serializer: TypeSerializer<UK>): string {
    try {
      serializer.serialize(mapKey, scratch.start());
    } catch (cause) {
      this.row();
      throw this.failure({ action: 'accessed', given: ['map key', mapKey], cause });
    }
    return scratch.textFrom(0);
  }

  /** @throws SerializationError that names state and key, when `work` fails. */
  reading<R>(address: RowAddress, work: () => R): R {
    try {
      return work();
    } catch (cause) {
      throw this.failure({ action: 'read', cause }, address);
    }
  }

  /** @param address - the row in question; without it, the current key is. */
  failure(access: Pick<FailedAccess, 'action' | 'given' | 'cause'>, address?: RowAddress): Error {
    const key = () => (address === undefined ? this.#addresses.readKey() : this.#addresses.keyIn(address));
    return accessFailure({ state: this.name, key, ...access });
  }

  #addressOf(namespace: N, isPassing: boolean): RowAddress {
    if (this.#rows.isDropped) {
      throw new StateAccessError('ERR_STATE_DROPPED', `State '${this.name}' was dropped.`);
    }
    try {
      return isPassing
        ? this.#addresses.passing(namespace, this.#namespaceSerializer)
        : this.#addresses.of(namespace, this.#namespaceSerializer);
    } catch (cause) {
      throw cause instanceof StateAccessError
        ? cause
        : this.failure({ action: 'accessed', given: ['namespace', namespace], cause });
    }
  }

  #checked(namespace: N): N {
    if (namespace === null || (namespace === undefined && this.#namespace !== undefined)) {
      throw typeError(
        'ERR_INVALID_NAMESPACE',
        `State '${this.name}' needs a namespace; received ${describe(namespace)}.`,
      );
    }
    return namespace;
  }

  #decode(address: RowAddress, unread: UnreadValue): V {
    const row = lasting(address);
    const value = this.reading(row, () => readValue(unread, this.#format));
    this.#table.set(row, value);
    return value;
  }
}

// A serializer of the program's own may use state.
function lasting(address: RowAddress): RowAddress {
  return address.lasting?.() ?? address;
}
