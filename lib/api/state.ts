// The state kinds. Every call refers to the current key of the backend.
//
// Each operation has an asynchronous form, for state that is likely not in memory: `asyncValue` for `value`. It refers to
// the key that is current when it is called, so the key may change before it settles. Requests of the same tick are carried
// out together off the JS thread; those on the same key keep their order among each other, and see each other's writes.
// Synchronous calls do not wait for them. While a snapshot is being captured, they wait instead of failing.

/** State of the current key. */
export interface State {
  /** Removes all that the current key has in this state. */
  clear(): void;
  asyncClear(): Promise<void>;
}

/**
 * One value per key.
 *
 * @example
 * ```ts
 * const count = keyed.getState(new ValueStateDescriptor('count', Types.LONG));
 * keyed.setCurrentKey('whale');
 * count.update((count.value() ?? 0) + 1);
 * ```
 */
export interface ValueState<T> extends State {
  /**
   * The value of the current key; without one, a copy of the descriptor's default value, or `undefined`.
   *
   * @throws StateAccessError without a current key (`ERR_NO_CURRENT_KEY`).
   * @throws RocksDBError when the read fails, or the backend is closed (`ERR_ROCKSDB_CLOSED`).
   */
  value(): T | undefined;
  /**
   * Sets the value of the current key; `undefined` clears it.
   *
   * @throws SerializationError when the type can't hold the value; nothing is written then.
   * @throws StateAccessError without a current key, or while a snapshot is being captured.
   */
  update(value: T | undefined): void;
  asyncValue(): Promise<T | undefined>;
  asyncUpdate(value: T | undefined): Promise<void>;
}

/** State that values are added to one by one. */
export interface AppendingState<IN, OUT> extends State {
  /** What the values added so far come to; see the kinds for what that is without any. */
  get(): OUT;
  /** @throws SerializationError when the type can't hold the value; nothing is written then. */
  add(value: IN): void;
  asyncGet(): Promise<OUT>;
  asyncAdd(value: IN): Promise<void>;
}

/**
 * A list per key. Adding appends without reading. Iterating (`for … of`; `for await … of`, read off the JS thread) decodes
 * one element after another, so a list may be longer than fits an array or a buffer.
 *
 * @example
 * ```ts
 * const visits = keyed.getListState(new ListStateDescriptor('visits', Types.STRING));
 * visits.add('/index.html');
 * for (const page of visits) console.log(page);
 * ```
 */
export interface ListState<T> extends AppendingState<T, T[]>, Iterable<T>, AsyncIterable<T> {
  /** All elements in the order of adding; empty when there are none. */
  get(): T[];
  /** Appends several elements at once. All are written or, when one can't be, none. */
  addAll(values: Iterable<T>): void;
  /** Replaces the list; an empty one clears it. */
  update(values: Iterable<T>): void;
  asyncAddAll(values: Iterable<T>): Promise<void>;
  asyncUpdate(values: Iterable<T>): Promise<void>;
}

/**
 * The values of a key, reduced to one by a function as they are added.
 *
 * @example
 * ```ts
 * const total = keyed.getReducingState(new ReducingStateDescriptor('total', (a, b) => a + b, Types.LONG));
 * total.add(5);
 * ```
 */
export interface ReducingState<T> extends AppendingState<T, T | undefined> {
  /** The values reduced, or `undefined` when there are none. */
  get(): T | undefined;
}

/**
 * The values of a key, aggregated in an accumulator as they are added.
 *
 * @example
 * ```ts
 * const mean = keyed.getAggregatingState(new AggregatingStateDescriptor('mean', meanFunction, Types.JSON<Mean>()));
 * mean.add(5);
 * mean.get();
 * ```
 */
export interface AggregatingState<IN, OUT> extends AppendingState<IN, OUT | undefined> {
  /** The accumulator's result, or `undefined` when nothing was added. */
  get(): OUT | undefined;
}

/** An entry of a {@link MapState}. It belongs to the key that was current when it was read. */
export interface MapStateEntry<UK, UV> {
  readonly key: UK;
  /** The value when the entry was read, or set through it since; `undefined` once removed. */
  readonly value: UV | undefined;
  /** Replaces the value. @throws StateAccessError `ERR_ENTRY_REMOVED` after `remove`. */
  setValue(value: UV): void;
  /** Removes the entry from the state. */
  remove(): void;
}

/**
 * A map per key. Iteration goes over the entries that there were when the iterator was asked for. On RocksDB it is in byte
 * order of the map's keys, and sees the map as it was then; in memory it is in the order of putting, and shows what the
 * entries hold when they are reached, without those removed meanwhile.
 *
 * @example
 * ```ts
 * const carts = keyed.getMapState(new MapStateDescriptor('cart', Types.STRING, Types.LONG));
 * carts.put('apple', 3);
 * for (const entry of carts) if (entry.value === 0) entry.remove();
 * ```
 */
export interface MapState<UK, UV> extends State, Iterable<MapStateEntry<UK, UV>> {
  /** The value under a key of the map, or `undefined`. A stored `null` (of a type that holds it) is `null`. */
  get(key: UK): UV | undefined;
  put(key: UK, value: UV): void;
  /**
   * Puts all entries, of a `Map` for instance; none when one can't be written.
   *
   * @throws TypeError `ERR_INVALID_MAP` for what is no iterable of `[key, value]`.
   */
  putAll(entries: Iterable<readonly [UK, UV]>): void;
  remove(key: UK): void;
  /** True also for an entry whose value is `null`. */
  contains(key: UK): boolean;
  isEmpty(): boolean;
  entries(): IterableIterator<MapStateEntry<UK, UV>>;
  keys(): IterableIterator<UK>;
  values(): IterableIterator<UV>;
  asyncGet(key: UK): Promise<UV | undefined>;
  asyncPut(key: UK, value: UV): Promise<void>;
  asyncPutAll(entries: Iterable<readonly [UK, UV]>): Promise<void>;
  asyncRemove(key: UK): Promise<void>;
  asyncContains(key: UK): Promise<boolean>;
  asyncIsEmpty(): Promise<boolean>;
  asyncEntries(): AsyncIterableIterator<MapStateEntry<UK, UV>>;
  asyncKeys(): AsyncIterableIterator<UK>;
  asyncValues(): AsyncIterableIterator<UV>;
}

/** State whose namespaces can be merged, as session windows are. */
export interface MergingState<N> {
  /** Moves what the current key has in `sources` to `target`, combined with what is there. */
  mergeNamespaces(target: N, sources: Iterable<N>): void;
}

/** State under a namespace of the caller's choice, such as a window. */
export interface NamespacedState<N> {
  /** Selects the namespace that further calls refer to. */
  setCurrentNamespace(namespace: N): void;
}
