// A broadcast map of operator state in memory: by the bytes of its keys, as equal keys need not be the same objects.
import type { TypeSerializer } from '../../api/type-information.ts';
import { givenEntries } from '../../bytes/given-items.ts';
import { TextOutput } from '../../heap/byte-text.ts';
import { namedSerializer } from './named-serializer.ts';
import type { BroadcastState } from './operator-state-store.ts';

/** The serializers of a map. */
export interface BroadcastSerializers<K, V> {
  readonly key: TypeSerializer<K>;
  readonly value: TypeSerializer<V>;
}

type Entry<K, V> = readonly [key: K, value: V];

const scratch = new TextOutput();

export class HeapBroadcastState<K, V> implements BroadcastState<K, V> {
  readonly name: string;
  readonly #key: Pick<TypeSerializer<K>, 'serialize'>;
  readonly #value: Pick<TypeSerializer<V>, 'serialize'>;
  // By the text of the key's bytes.
  readonly #entries = new Map<string, Entry<K, V>>();

  constructor(name: string, { key, value }: BroadcastSerializers<K, V>, entries: Iterable<Entry<K, V>>) {
    this.name = name;
    this.#key = namedSerializer(key, name, 'map key');
    this.#value = namedSerializer(value, name, 'value');
    for (const entry of entries) {
      this.#entries.set(this.#idOf(entry[0]), entry);
    }
  }

  /** What snapshots write. */
  get toWrite(): {
    readonly key: Pick<TypeSerializer<K>, 'serialize'>;
    readonly value: Pick<TypeSerializer<V>, 'serialize'>;
    readonly entries: { readonly size: number } & Iterable<Entry<K, V>>;
  } {
    const entries = this.#entries;
    return {
      ...{ key: this.#key, value: this.#value },
      entries: { size: entries.size, [Symbol.iterator]: () => entries.values() },
    };
  }

  get(key: K): V | undefined {
    return this.#entries.get(this.#idOf(key))?.[1];
  }

  contains(key: K): boolean {
    return this.#entries.has(this.#idOf(key));
  }

  put(key: K, value: V): void {
    // Serialized into nowhere, so that what could never be part of a snapshot is refused now.
    this.#value.serialize(value, scratch.start());
    this.#entries.set(this.#idOf(key), [key, value]);
  }

  putAll(entries: Iterable<Entry<K, V>>): void {
    for (const [key, value] of givenEntries(this.name, entries)) {
      this.put(key, value);
    }
  }

  remove(key: K): void {
    this.#entries.delete(this.#idOf(key));
  }

  clear(): void {
    this.#entries.clear();
  }

  entries(): Iterable<Entry<K, V>> {
    return this.#entries.values();
  }

  immutableEntries(): Iterable<Entry<K, V>> {
    return this.#entries.values();
  }

  [Symbol.iterator](): Iterator<Entry<K, V>> {
    return this.#entries.values();
  }

  #idOf(key: K): string {
    this.#key.serialize(key, scratch.start());
    return scratch.textFrom(0);
  }
}
