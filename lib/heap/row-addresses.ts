// Turns the current key and a namespace into the address of a row. The id is made of the bytes that RocksDB's row key has
// behind the key group, so keys are equal, and in order, exactly as they are there.
import type { TypeSerializer } from '../api/type-information.ts';
import { type TimeWindow, timeWindowSerializer } from '../bytes/time-window.ts';
import { StateAccessError } from '../errors.ts';
import { CompositeKeyBuilder, keyGroupPrefixBytes } from '../keys/composite-key.ts';
import { inputOf, TextOutput } from './byte-text.ts';
import type { RowAddress } from './copy-on-write-table.ts';
import { WrittenAddress } from './written-address.ts';

export class RowAddresses<K> {
  readonly #text = new TextOutput();
  readonly #keySerializer: TypeSerializer<K>;
  readonly #builder: CompositeKeyBuilder<K>;
  readonly #idStart: number;
  #keyGroup = 0;
  #closed = false;
  // The states of a backend mostly share their namespace, so one address serves all calls until the next key.
  #last: RowAddress | undefined;
  #serializer: unknown;
  // Of a window, its start.
  #namespace: unknown;
  #windowEnd = 0;
  // The id of this one may still be in the output.
  #written: RowAddress | undefined;
  readonly #passing = new WrittenAddress(this.#text);

  constructor(keySerializer: TypeSerializer<K>, maxParallelism: number) {
    this.#builder = new CompositeKeyBuilder(keySerializer, maxParallelism, () => this.#text.start());
    this.#keySerializer = keySerializer;
    this.#idStart = keyGroupPrefixBytes(maxParallelism);
  }

  /** Begins a key. When the serializer throws, there is no current key. */
  setKey(key: K, keyGroup: number): void {
    this.#finish();
    this.#last = undefined;
    this.#keyGroup = keyGroup;
    this.#builder.setKey(key, keyGroup);
  }

  /** Forgets the key. */
  reset(): void {
    this.#last = undefined;
    this.#builder.reset();
  }

  /** The current key, read back from its bytes. */
  readKey(): K {
    return this.#builder.readKey();
  }

  /** The key of a row. */
  keyIn({ id }: RowAddress): K {
    return this.#keySerializer.deserialize(inputOf(id));
  }

  /** Refuses all further use. */
  close(): void {
    this.#last = undefined;
    this.#closed = true;
  }

  /** @throws StateAccessError `ERR_NO_CURRENT_KEY`, `ERR_BACKEND_CLOSED`. */
  of<N>(namespace: N, serializer: TypeSerializer<N>): RowAddress {
    const last = this.#lastOf(namespace, serializer);
    if (last !== undefined && last !== this.#passing) {
      return last;
    }
    const address = new WrittenAddress(this.#text);
    this.#write(address, namespace, serializer);
    this.#written = address;
    return address;
  }

  /** As {@link of}, of a row that is used before anything else is done: the address may be that of another row then. */
  passing<N>(namespace: N, serializer: TypeSerializer<N>): RowAddress {
    const last = this.#lastOf(namespace, serializer);
    if (last !== undefined) {
      return last;
    }
    this.#write(this.#passing, namespace, serializer);
    return this.#passing;
  }

  #lastOf<N>(namespace: N, serializer: TypeSerializer<N>): RowAddress | undefined {
    return this.#serializer === serializer && this.#isLast(namespace) ? this.#last : undefined;
  }

  #write<N>(address: WrittenAddress, namespace: N, serializer: TypeSerializer<N>): void {
    if (this.#closed) {
      throw new StateAccessError('ERR_BACKEND_CLOSED', 'The keyed backend is closed.');
    }
    this.#finish();
    this.#builder.withNamespace(namespace, serializer);
    address.moveTo(this.#keyGroup, this.#idStart);
    this.#remember(address, namespace, serializer);
  }

  // Before anything is written over the id of the address that was given out last.
  #finish(): void {
    this.#written?.id;
    this.#written = undefined;
  }

  // An object may have other bytes the next time, unless it is known what they are made of.
  #remember<N>(address: RowAddress, namespace: N, serializer: TypeSerializer<N>): void {
    this.#serializer = serializer;
    this.#last = address;
    if ((serializer as unknown) === timeWindowSerializer) {
      const { start, end } = namespace as TimeWindow;
      this.#namespace = start;
      this.#windowEnd = end;
    } else if (typeof namespace === 'object') {
      this.#last = undefined;
    } else {
      this.#namespace = namespace;
    }
  }

  #isLast(namespace: unknown): boolean {
    if (this.#serializer !== timeWindowSerializer) {
      return Object.is(this.#namespace, namespace);
    }
    const window = namespace as TimeWindow | undefined;
    return window?.start === this.#namespace && window?.end === this.#windowEnd;
  }
}
