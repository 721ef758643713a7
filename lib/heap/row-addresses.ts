// Turns the current key and a namespace into the address of a row. The id is made of the bytes that RocksDB's row key has
// behind the key group, so keys are equal, and in order, exactly as they are there.
import type { TypeSerializer } from '../api/type-information.ts';
import { StateAccessError } from '../errors.ts';
import { CompositeKeyBuilder, keyGroupPrefixBytes } from '../keys/composite-key.ts';
import { hashOf, inputOf, TextOutput } from './byte-text.ts';
import type { RowAddress } from './copy-on-write-table.ts';

export class RowAddresses<K> {
  readonly #text = new TextOutput();
  readonly #keySerializer: TypeSerializer<K>;
  readonly #builder: CompositeKeyBuilder<K>;
  readonly #idStart: number;
  #keyGroup = 0;
  #closed = false;
  // The states of a backend mostly share their namespace, so one address serves all calls until the next key.
  #last: { readonly namespace: unknown; readonly serializer: unknown; readonly address: RowAddress } | undefined;

  constructor(keySerializer: TypeSerializer<K>, maxParallelism: number) {
    this.#builder = new CompositeKeyBuilder(keySerializer, maxParallelism, () => this.#text.start());
    this.#keySerializer = keySerializer;
    this.#idStart = keyGroupPrefixBytes(maxParallelism);
  }

  /** Begins a key. When the serializer throws, there is no current key. */
  setKey(key: K, keyGroup: number): void {
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
    const last = this.#last;
    if (last !== undefined && Object.is(last.namespace, namespace) && last.serializer === serializer) {
      return last.address;
    }
    if (this.#closed) {
      throw new StateAccessError('ERR_BACKEND_CLOSED', 'The keyed backend is closed.');
    }
    this.#builder.withNamespace(namespace, serializer);
    const id = this.#text.textFrom(this.#idStart);
    const address = { keyGroup: this.#keyGroup, id, hash: hashOf(id) };
    // An object may have other bytes the next time.
    this.#last = typeof namespace === 'object' ? undefined : { namespace, serializer, address };
    return address;
  }
}
