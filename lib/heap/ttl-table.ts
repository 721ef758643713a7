// The rows of a state that holds one value a row, which expires: a row holds the value with its time, and shows it without.
import type { TypeSerializer } from '../api/type-information.ts';
import { TtlValue } from '../bytes/ttl-value.ts';
import type { Expiry } from '../ttl/expiry.ts';
import type { RowAddress } from './copy-on-write-table.ts';
import type { HeapStateTable, ValueTable } from './heap-state-table.ts';

export class HeapTtlTable<K, N, V> implements ValueTable<N, V> {
  readonly #table: HeapStateTable<K, N, TtlValue<V>>;
  readonly #expiry: Expiry;
  #accessed: () => void = () => {};

  constructor(table: HeapStateTable<K, N, TtlValue<V>>, expiry: Expiry) {
    this.#table = table;
    this.#expiry = expiry;
  }

  /** Is told of each access, behind it. */
  set onAccess(accessed: () => void) {
    this.#accessed = accessed;
  }

  set namespace(namespace: N) {
    this.#table.namespace = namespace;
  }

  row(): RowAddress {
    return this.#table.row();
  }

  /** The program's clock is asked meanwhile. */
  passingRow(): RowAddress {
    return this.#table.row();
  }

  rowIn(namespace: N): RowAddress {
    return this.#table.rowIn(namespace);
  }

  look(address: RowAddress): V | undefined {
    const stamped = this.#table.look(address);
    return stamped === undefined || this.isExpired(stamped) ? undefined : stamped.value;
  }

  own(address: RowAddress): V | undefined {
    const value = this.#read(address);
    this.#accessed();
    return value;
  }

  ownForUpdate(address: RowAddress): V | undefined {
    const stamped = this.#table.own(address);
    return stamped === undefined || this.isExpired(stamped) ? undefined : stamped.value;
  }

  put(address: RowAddress, value: V): void {
    this.#table.put(address, new TtlValue(this.#expiry.now(), value));
    this.#accessed();
  }

  remove(address: RowAddress): void {
    this.#table.remove(address);
    this.#accessed();
  }

  copy(address: RowAddress): V | undefined {
    const stamped = this.#table.copy(address);
    return stamped === undefined || this.isExpired(stamped) ? undefined : stamped.value;
  }

  checkWritable(): void {
    this.#table.checkWritable();
  }

  check<T>(value: T, serializer: TypeSerializer<T>): void {
    this.#table.check(value, serializer);
  }

  /** Removes a row that has expired. */
  clean(address: RowAddress): void {
    const stamped = this.#table.look(address);
    if (stamped !== undefined && this.isExpired(stamped)) {
      this.#table.remove(address);
    }
  }

  isExpired({ lastAccessMs }: TtlValue<unknown>): boolean {
    return this.#expiry.isExpired(lastAccessMs, this.#expiry.now());
  }

  #read(address: RowAddress): V | undefined {
    const stamped = this.#table.own(address);
    if (stamped === undefined) {
      return undefined;
    }
    const now = this.#expiry.now();
    const { isWritable } = this.#table;
    if (this.#expiry.isExpired(stamped.lastAccessMs, now)) {
      if (isWritable) {
        this.#table.remove(address);
      }
      return this.#expiry.returnsExpired ? stamped.value : undefined;
    }
    if (this.#expiry.refreshesOnRead && isWritable && stamped.lastAccessMs < now) {
      // The row is our own: what a snapshot has was copied.
      stamped.lastAccessMs = now;
    }
    return stamped.value;
  }
}
