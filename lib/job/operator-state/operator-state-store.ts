// State of an operator that belongs to no key: lists that are dealt out anew, or given to all, when the parallelism changes,
// and maps that are the same in every subtask. It is held in memory.
import type { ListStateDescriptor, MapStateDescriptor } from '../../api/descriptors.ts';

/** A list of one subtask. */
export interface OperatorListState<T> extends Iterable<T> {
  /** The elements, in order; a copy. */
  get(): T[];
  add(value: T): void;
  addAll(values: Iterable<T>): void;
  /** Replaces all elements. */
  update(values: Iterable<T>): void;
  clear(): void;
}

/** A map that every subtask has whole, and changes in the same way. */
export interface ReadOnlyBroadcastState<K, V> {
  get(key: K): V | undefined;
  contains(key: K): boolean;
  /** In the order of putting. */
  immutableEntries(): Iterable<readonly [K, V]>;
}

/** A map that every subtask has whole; the program sees to it that all put the same. */
export interface BroadcastState<K, V> extends ReadOnlyBroadcastState<K, V>, Iterable<readonly [K, V]> {
  put(key: K, value: V): void;
  putAll(entries: Iterable<readonly [K, V]>): void;
  remove(key: K): void;
  clear(): void;
  entries(): Iterable<readonly [K, V]>;
}

/** Gives operator state by its descriptors: the same object for the same name. */
export interface OperatorStateStore {
  /** Restored after a change of parallelism, each subtask has a part of the elements of all. */
  getListState<T>(descriptor: ListStateDescriptor<T>): OperatorListState<T>;
  /** Restored, each subtask has the elements of all subtasks. */
  getUnionListState<T>(descriptor: ListStateDescriptor<T>): OperatorListState<T>;
  getBroadcastState<K, V>(descriptor: MapStateDescriptor<K, V>): BroadcastState<K, V>;
  /** The names of list and union list states that there are, restored ones among them. */
  readonly registeredStateNames: readonly string[];
  readonly registeredBroadcastStateNames: readonly string[];
}
