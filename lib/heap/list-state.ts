// List state in memory: a row holds an array, which is never given out itself.
import type { ListState, MergingState, NamespacedState } from '../api/state.ts';
import type { TypeSerializer } from '../api/type-information.ts';
import { givenElements } from '../bytes/given-items.ts';
import { MAX_BYTES } from '../bytes/limits.ts';
import { writeElements } from '../bytes/list-elements.ts';
import { maxBytesOf } from '../bytes/size-bound.ts';
import type { ListRemoval, LookedAt } from '../ttl/looked-at-list.ts';
import type { RowAddress } from './copy-on-write-table.ts';
import type { HeapStateTable } from './heap-state-table.ts';

export class HeapListState<K, N, T> implements ListState<T>, NamespacedState<N>, MergingState<N> {
  readonly #table: HeapStateTable<K, N, T[]>;
  readonly #serializer: TypeSerializer<T>;
  readonly #accessed: () => void;

  /** @param serializer - of elements. @param accessed - is told of each access, behind it. */
  constructor(table: HeapStateTable<K, N, T[]>, serializer: TypeSerializer<T>, accessed: () => void = () => {}) {
    this.#serializer = serializer;
    this.#table = table;
    this.#accessed = accessed;
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

  get(): T[] {
    const elements = this.#table.own(this.#table.passingRow())?.slice() ?? [];
    this.#accessed();
    return elements;
  }

  [Symbol.iterator](): IterableIterator<T> {
    return this.get()[Symbol.iterator]();
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<T> {
    const elements = this.get();
    return (async function* () {
      yield* elements;
    })();
  }

  add(value: T): void {
    this.#table.checkWritable();
    this.#add(value);
  }

  addAll(values: Iterable<T>): void {
    this.#table.checkWritable();
    this.#addAll(values);
  }

  update(values: Iterable<T>): void {
    this.#table.checkWritable();
    this.#update(values);
  }

  mergeNamespaces(target: N, sources: Iterable<N>): void {
    this.#table.checkWritable();
    // A namespace that is none is found before anything is moved.
    const targetRow = this.#table.rowIn(target);
    const sourceRows = Array.from(sources, (source) => this.#table.rowIn(source));
    for (const row of sourceRows) {
      const items = this.#table.own(row);
      if (items !== undefined) {
        this.#table.remove(row);
        this.#append(targetRow, items);
      }
    }
  }

  clear(): void {
    this.#table.checkWritable();
    this.#table.remove(this.#table.row());
  }

  async asyncGet(): Promise<T[]> {
    return this.get();
  }

  async asyncAdd(value: T): Promise<void> {
    this.#add(value);
  }

  async asyncAddAll(values: Iterable<T>): Promise<void> {
    this.#addAll(values);
  }

  async asyncUpdate(values: Iterable<T>): Promise<void> {
    this.#update(values);
  }

  async asyncClear(): Promise<void> {
    this.#table.remove(this.#table.row());
  }

  /** Reads the list of the current key and replaces it by what `look` says. */
  async asyncExchange<R>(look: (elements: T[]) => LookedAt<T, R>): Promise<R> {
    const { result, replacement } = look(this.get());
    if (replacement !== undefined) {
      this.#update(replacement);
    }
    return result;
  }

  /** Removes the list of what is the current key now, at any time after, when all of its elements are obsolete by then. */
  removal(): ListRemoval<T> {
    const row = this.#table.row();
    const now = (isObsolete: (element: T) => boolean) => {
      if (this.isWritable && this.#table.look(row)?.every(isObsolete)) {
        this.#table.remove(row);
      }
    };
    return { now, later: async (isObsolete) => now(isObsolete) };
  }

  /** Removes obsolete elements of a row. */
  clean(row: RowAddress, isObsolete: (element: T) => boolean): void {
    if (!this.#table.look(row)?.some(isObsolete)) {
      return;
    }
    const left = this.#table.own(row)?.filter((element) => !isObsolete(element)) ?? [];
    if (left.length > 0) {
      this.#table.put(row, left);
    } else {
      this.#table.remove(row);
    }
  }

  #add(value: T): void {
    if (lengthInList(value, this.#serializer) > MAX_BYTES) {
      this.#checkByWriting([value]);
    }
    const row = this.#table.passingRow();
    const list = this.#table.own(row);
    if (list === undefined) {
      this.#table.put(row, [value]);
    } else {
      list.push(value);
    }
    this.#accessed();
  }

  #addAll(values: Iterable<T>): void {
    const items = this.#checked(values);
    const row = this.#table.passingRow();
    if (items.length > 0) {
      this.#append(row, items);
    }
    this.#accessed();
  }

  #update(values: Iterable<T>): void {
    const items = this.#checked(values);
    const row = this.#table.passingRow();
    if (items.length > 0) {
      this.#table.put(row, items);
    } else {
      this.#table.remove(row);
    }
    this.#accessed();
  }

  #append(row: RowAddress, items: T[]): void {
    const list = this.#table.own(row);
    if (list === undefined) {
      this.#table.put(row, items);
      return;
    }
    for (const item of items) {
      list.push(item);
    }
  }

  /** The values as an array of our own, when all of them can be written. */
  #checked(values: Iterable<T>): T[] {
    const items = givenElements(this.#table.name, values);
    if (!areWritable(items, this.#serializer)) {
      this.#checkByWriting(items);
    }
    return items;
  }

  #checkByWriting(items: readonly T[]): void {
    const given = items.length === 1 ? items[0] : items;
    this.#table.checkAll(given, (output) => writeElements(items, this.#serializer, output));
  }
}

function areWritable<T>(items: readonly T[], serializer: TypeSerializer<T>): boolean {
  let bytes = 0;
  for (let i = 0; i < items.length && bytes <= MAX_BYTES; i++) {
    bytes += lengthInList(items[i] as T, serializer);
  }
  return bytes <= MAX_BYTES;
}

// At most, with the delimiter. A list can't hold null, which some types can.
function lengthInList<T>(item: T, serializer: TypeSerializer<T>): number {
  return item === null || item === undefined ? Number.POSITIVE_INFINITY : 1 + maxBytesOf(item, serializer);
}
