// Map state in memory whose entries expire one by one, over a map of values with their times.
import type { MapState, MapStateEntry, NamespacedState } from '../api/state.ts';
import { givenEntries } from '../bytes/given-items.ts';
import { TtlValue } from '../bytes/ttl-value.ts';
import type { Expiry } from '../ttl/expiry.ts';
import type { HeapMapState } from './map-state.ts';

export class HeapTtlMapState<K, N, UK, UV> implements MapState<UK, UV>, NamespacedState<N> {
  readonly #map: HeapMapState<K, N, UK, TtlValue<UV>>;
  readonly #expiry: Expiry;
  readonly #accessed: () => void;

  /** @param accessed - is told of each access, behind it. */
  constructor(map: HeapMapState<K, N, UK, TtlValue<UV>>, expiry: Expiry, accessed: () => void) {
    this.#map = map;
    this.#expiry = expiry;
    this.#accessed = accessed;
  }

  setCurrentNamespace(namespace: N): void {
    this.#map.setCurrentNamespace(namespace);
  }

  get(key: UK): UV | undefined {
    const value = this.#read(key)?.value;
    this.#accessed();
    return value;
  }

  contains(key: UK): boolean {
    const isThere = this.#read(key) !== undefined;
    this.#accessed();
    return isThere;
  }

  put(key: UK, value: UV): void {
    this.#map.put(key, this.#stamped(value));
    this.#accessed();
  }

  putAll(entries: Iterable<readonly [UK, UV]>): void {
    this.#map.putAll(this.#allStamped(entries));
    this.#accessed();
  }

  remove(key: UK): void {
    this.#map.remove(key);
    this.#accessed();
  }

  isEmpty(): boolean {
    for (const stamped of this.#map.values()) {
      if (this.#expiry.returnsExpired || !this.#isExpired(stamped)) {
        return false;
      }
    }
    return true;
  }

  clear(): void {
    this.#map.clear();
    this.#accessed();
  }

  entries(): IterableIterator<MapStateEntry<UK, UV>> {
    return this.#visible((entry) => this.#withoutTime(entry));
  }

  keys(): IterableIterator<UK> {
    return this.#visible(({ key }) => key);
  }

  values(): IterableIterator<UV> {
    return this.#visible((_, value) => value);
  }

  [Symbol.iterator](): IterableIterator<MapStateEntry<UK, UV>> {
    return this.entries();
  }

  async asyncGet(key: UK): Promise<UV | undefined> {
    return this.get(key);
  }

  async asyncContains(key: UK): Promise<boolean> {
    return this.contains(key);
  }

  async asyncPut(key: UK, value: UV): Promise<void> {
    await this.#map.asyncPut(key, this.#stamped(value));
  }

  async asyncPutAll(entries: Iterable<readonly [UK, UV]>): Promise<void> {
    await this.#map.asyncPutAll(this.#allStamped(entries));
  }

  async asyncRemove(key: UK): Promise<void> {
    await this.#map.asyncRemove(key);
  }

  async asyncIsEmpty(): Promise<boolean> {
    return this.isEmpty();
  }

  async asyncClear(): Promise<void> {
    await this.#map.asyncClear();
  }

  asyncEntries(): AsyncIterableIterator<MapStateEntry<UK, UV>> {
    return toAsync(this.entries());
  }

  asyncKeys(): AsyncIterableIterator<UK> {
    return toAsync(this.keys());
  }

  asyncValues(): AsyncIterableIterator<UV> {
    return toAsync(this.values());
  }

  #stamped(value: UV): TtlValue<UV> {
    return new TtlValue(this.#expiry.now(), value);
  }

  #allStamped(entries: Iterable<readonly [UK, UV]>): (readonly [UK, TtlValue<UV>])[] {
    return givenEntries(this.#map.name, entries).map(([key, value]) => [key, this.#stamped(value)]);
  }

  #isExpired({ lastAccessMs }: TtlValue<UV>): boolean {
    return this.#expiry.isExpired(lastAccessMs, this.#expiry.now());
  }

  #read(key: UK): TtlValue<UV> | undefined {
    const stamped = this.#map.get(key);
    if (stamped === undefined) {
      return undefined;
    }
    const isExpired = this.#isExpired(stamped);
    if (this.#map.isWritable) {
      if (isExpired) {
        this.#map.remove(key);
      } else if (this.#expiry.refreshesOnRead) {
        this.#map.put(key, this.#stamped(stamped.value));
      }
    }
    return isExpired && !this.#expiry.returnsExpired ? undefined : stamped;
  }

  // Removes what has expired through the entry, which knows its key wherever the current one is.
  #visible<R>(show: (entry: MapStateEntry<UK, TtlValue<UV>>, value: UV) => R): IterableIterator<R> {
    const entries = this.#map.entries();
    const map = this.#map;
    const { refreshesOnRead, returnsExpired } = this.#expiry;
    const isExpired = (stamped: TtlValue<UV>) => this.#isExpired(stamped);
    const stampedNow = (value: UV) => this.#stamped(value);
    return (function* () {
      for (const entry of entries) {
        const stamped = entry.value as TtlValue<UV>;
        const shown = show(entry, stamped.value);
        if (isExpired(stamped)) {
          if (map.isWritable) {
            entry.remove();
          }
          if (!returnsExpired) {
            continue;
          }
        } else if (refreshesOnRead && map.isWritable) {
          entry.setValue(stampedNow(stamped.value));
        }
        yield shown;
      }
    })();
  }

  #withoutTime(entry: MapStateEntry<UK, TtlValue<UV>>): MapStateEntry<UK, UV> {
    const stampedNow = (value: UV) => this.#stamped(value);
    let value = entry.value?.value;
    return {
      key: entry.key,
      get value() {
        return value;
      },
      setValue(replacement) {
        entry.setValue(stampedNow(replacement));
        value = replacement;
      },
      remove() {
        entry.remove();
        value = undefined;
      },
    };
  }
}

async function* toAsync<T>(items: Iterable<T>): AsyncGenerator<T, void, void> {
  yield* items;
}
