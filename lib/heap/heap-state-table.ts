// The rows of one state in memory, accessed under the current key and a namespace.
import type { TypeSerializer } from '../api/type-information.ts';
import type { DataOutput } from '../bytes/data-output.ts';
import { describe, SerializationError, typeError } from '../errors.ts';
import { inputOf, TextOutput } from './byte-text.ts';
import type { CopyOnWriteTable, RowAddress } from './copy-on-write-table.ts';
import type { RowAddresses } from './row-addresses.ts';
import type { SnapshotVersions } from './snapshot-versions.ts';
import { isMutable, UnreadValue, type ValueFormat } from './value-formats.ts';

/** What all states of a keyed backend share. */
export interface HeapAccess<K> {
  readonly addresses: RowAddresses<K>;
  readonly versions: SnapshotVersions;
  /** Throws while state may not be written. */
  readonly gate: { check(): void };
}

/** All that a backend has of one state. */
export interface StoredRows {
  readonly table: CopyOnWriteTable<unknown>;
  /** Absent until the program asks for the state. */
  format?: ValueFormat<unknown>;
}

/** Names a state's table. */
export interface HeapTableOptions<N> {
  readonly name: string;
  readonly rows: StoredRows;
  readonly namespaceSerializer: TypeSerializer<N>;
  readonly namespace: N;
}

const scratch = new TextOutput();

/** @typeParam V - what a row holds. */
export class HeapStateTable<K, N, V> {
  readonly name: string;
  readonly #addresses: RowAddresses<K>;
  readonly #versions: SnapshotVersions;
  readonly #gate: { check(): void };
  readonly #namespaceSerializer: TypeSerializer<N>;
  readonly #table: CopyOnWriteTable<V | UnreadValue>;
  readonly #format: ValueFormat<V>;
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
    options.rows.format = format as ValueFormat<unknown>;
  }

  /** @throws TypeError `ERR_INVALID_NAMESPACE` for `null`, or `undefined` where the namespace is not void. */
  set namespace(namespace: N) {
    this.#namespace = this.#checked(namespace);
  }

  /** The row of the current key and namespace. @throws StateAccessError `ERR_NO_CURRENT_KEY`, `ERR_BACKEND_CLOSED`. */
  row(): RowAddress {
    return this.#addresses.of(this.#namespace, this.#namespaceSerializer);
  }

  /** The row of the current key and another namespace. */
  rowIn(namespace: N): RowAddress {
    return this.#addresses.of(this.#checked(namespace), this.#namespaceSerializer);
  }

  /** What a row holds, to be looked at only: a snapshot may have it too. */
  look(address: RowAddress): V | undefined {
    const value = this.#table.get(address)?.value;
    return value instanceof UnreadValue ? this.#decode(address, value) : value;
  }

  /** What a row holds, to be given out or changed: if a snapshot has it, a copy has taken its place. */
  own(address: RowAddress): V | undefined {
    const row = this.#table.get(address);
    if (row === undefined) {
      return undefined;
    }
    const { value, version } = row;
    if (value instanceof UnreadValue) {
      return this.#decode(address, value);
    }
    if (!isMutable(value) || !this.isHeld(version)) {
      return value;
    }
    const copy = this.reading(() => this.#format.copy(value));
    this.#table.set(address, copy);
    return copy;
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
    return value === undefined ? undefined : this.reading(() => this.#format.copy(value));
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
   * Serializes into nowhere, so that what could never be snapshotted is refused now.
   *
   * @throws SerializationError that names the state.
   */
  check(write: (output: DataOutput) => void): void {
    try {
      write(scratch.start());
    } catch (cause) {
      throw accessFailure(this.name, 'written', cause);
    }
  }

  /** What `write` writes. @throws SerializationError that names the state. */
  textOf(write: (output: DataOutput) => void): string {
    this.check(write);
    return scratch.textFrom(0);
  }

  /** @throws SerializationError that names the state, when `work` fails. */
  reading<R>(work: () => R): R {
    try {
      return work();
    } catch (cause) {
      throw accessFailure(this.name, 'read', cause);
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

  #decode(address: RowAddress, { text }: UnreadValue): V {
    const value = this.reading(() => this.#format.deserialize(inputOf(text)));
    this.#table.set(address, value);
    return value;
  }
}

function accessFailure(state: string, action: 'read' | 'written', cause: unknown): SerializationError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new SerializationError(`State '${state}' could not be ${action}: ${reason}`, { cause });
}
