// Map state in memory: a row holds a Map, by the bytes of the map's keys. Its entries are replaced, never changed, so that a
// snapshot's copy of the Map need not copy them.
import type { MapState, MapStateEntry, NamespacedState } from '../api/state.ts';
import type { TypeSerializer } from '../api/type-information.ts';
import { givenEntries } from '../bytes/given-items.ts';
import { StateAccessError } from '../errors.ts';
import { inputOf } from './byte-text.ts';
import type { RowAddress } from './copy-on-write-table.ts';
import type { HeapStateTable } from './heap-state-table.ts';
import { copyOf, type HeapMap, type HeapMapEntry, isMutable } from './value-formats.ts';

/** Those of a map's keys and values. */
export interface MapSerializers<UK, UV> {
  readonly key: TypeSerializer<UK>;
  readonly value: TypeSerializer<UV>;
}

export class HeapMapState<K, N, UK, UV> implements MapState<UK, UV>, NamespacedState<N> {
  readonly #table: HeapStateTable<K, N, HeapMap<UV>>;
  readonly #keySerializer: TypeSerializer<UK>;
  readonly #valueSerializer: TypeSerializer<UV>;

  constructor(table: HeapStateTable<K, N, HeapMap<UV>>, serializers: MapSerializers<UK, UV>) {
    this.#keySerializer = serializers.key;
    this.#valueSerializer = serializers.value;
    this.#table = table;
  }

  get name(): string {
    return this.#table.name;
  }

  /** Whether no snapshot is being captured. */
  get isWritable(): boolean {
    return this.#table.isWritable;
  }

  setCurrentNamespace(namespace: N): void {
    this.#table.namespace = namespace;
  }

  get(key: UK): UV | undefined {
    const id = this.#idOf(key);
    const entry = this.#table.look(this.#table.passingRow())?.get(id);
    return entry !== undefined && this.#isShared(entry) ? this.#read(this.#table.row(), id) : entry?.value;
  }

  contains(key: UK): boolean {
    const id = this.#idOf(key);
    return this.#table.look(this.#table.passingRow())?.has(id) ?? false;
  }

  put(key: UK, value: UV): void {
    this.#table.checkWritable();
    this.#put(key, value);
  }

  putAll(entries: Iterable<readonly [UK, UV]>): void {
    this.#table.checkWritable();
    this.#putAll(entries);
  }

  remove(key: UK): void {
    this.#table.checkWritable();
    this.#delete(this.#table.row(), this.#idOf(key));
  }

  isEmpty(): boolean {
    return this.#table.look(this.#table.passingRow()) === undefined;
  }

  clear(): void {
    this.#table.checkWritable();
    this.#table.remove(this.#table.row());
  }

  entries(): IterableIterator<MapStateEntry<UK, UV>> {
    return this.#mapped((row, id) => this.#entry(row, id));
  }

  keys(): IterableIterator<UK> {
    return this.#mapped((row, id) => this.#keyOf(row, id));
  }

  values(): IterableIterator<UV> {
    return this.#mapped((row, id) => this.#read(row, id) as UV);
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
    this.#put(key, value);
  }

  async asyncPutAll(entries: Iterable<readonly [UK, UV]>): Promise<void> {
    this.#putAll(entries);
  }

  async asyncRemove(key: UK): Promise<void> {
    this.#delete(this.#table.row(), this.#idOf(key));
  }

  async asyncIsEmpty(): Promise<boolean> {
    return this.isEmpty();
  }

  async asyncClear(): Promise<void> {
    this.#table.remove(this.#table.row());
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

  /** Removes obsolete entries of a row. */
  clean(row: RowAddress, isObsolete: (value: UV) => boolean): void {
    const obsolete = [...(this.#table.look(row) ?? [])].filter(([, { value }]) => isObsolete(value));
    for (const [id] of obsolete) {
      this.#delete(row, id);
    }
  }

  #put(key: UK, value: UV): void {
    const id = this.#idOf(key);
    this.#check(value);
    this.#set(this.#table.passingRow(), id, value);
  }

  /** All, or none when one can't be written. */
  #putAll(entries: Iterable<readonly [UK, UV]>): void {
    const checked = givenEntries(this.#table.name, entries).map(([key, value]): [string, UV] => {
      this.#check(value);
      return [this.#idOf(key), value];
    });
    const row = this.#table.row();
    for (const [id, value] of checked) {
      this.#set(row, id, value);
    }
  }

  /** Goes over the entries that there are when it is asked for, but for those removed on the way. */
  #mapped<R>(read: (row: RowAddress, id: string) => R): IterableIterator<R> {
    // Key and entries are captured here, when the iterator is asked for, and not when it is first moved.
    const row = this.#table.row();
    const table = this.#table;
    const ids = [...(table.look(row)?.keys() ?? [])];
    return (function* () {
      for (const id of ids) {
        if (table.look(row)?.has(id)) {
          yield read(row, id);
        }
      }
    })();
  }

  #entry(row: RowAddress, id: string): MapStateEntry<UK, UV> {
    let value = this.#read(row, id);
    let removed = false;
    return {
      key: this.#keyOf(row, id),
      get value() {
        return value;
      },
      setValue: (replacement) => {
        this.#table.checkWritable();
        if (removed) {
          throw new StateAccessError('ERR_ENTRY_REMOVED', 'The entry was removed; put its key again instead.');
        }
        this.#check(replacement, row);
        this.#set(row, id, replacement);
        value = replacement;
      },
      remove: () => {
        this.#table.checkWritable();
        this.#delete(row, id);
        removed = true;
        value = undefined;
      },
    };
  }

  /** The value, a copy of it in its place if a snapshot has it. */
  #read(row: RowAddress, id: string): UV | undefined {
    const entry = this.#table.look(row)?.get(id);
    if (entry === undefined || !this.#isShared(entry)) {
      return entry?.value;
    }
    const copy = this.#table.reading(row, () => copyOf(entry.value, this.#valueSerializer));
    this.#set(row, id, copy);
    return copy;
  }

  /** Whether it has what a snapshot has as well, and the program could change. */
  #isShared({ value, version }: HeapMapEntry<UV>): boolean {
    return isMutable(value) && this.#table.isHeld(version);
  }

  #set(row: RowAddress, id: string, value: UV): void {
    const { version } = this.#table;
    const map = this.#table.own(row);
    const present = map?.get(id);
    if (map === undefined) {
      this.#table.put(row, new Map([[id, { value, version }]]));
    } else if (present?.version === version) {
      present.value = value;
    } else {
      map.set(id, { value, version });
    }
  }

  #delete(row: RowAddress, id: string): void {
    if (this.#table.look(row)?.has(id)) {
      const map = this.#table.own(row);
      map?.delete(id);
      if (map?.size === 0) {
        this.#table.remove(row);
      }
    }
  }

  #check(value: UV, row?: RowAddress): void {
    this.#table.check(value, this.#valueSerializer, row);
  }

  #idOf(key: UK): string {
    return this.#table.textOfMapKey(key, this.#keySerializer);
  }

  #keyOf(row: RowAddress, id: string): UK {
    return this.#table.reading(row, () => this.#keySerializer.deserialize(inputOf(id)));
  }
}

async function* toAsync<T>(items: Iterable<T>): AsyncGenerator<T, void, void> {
  yield* items;
}
