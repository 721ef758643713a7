// State backends and the keyed backends that they create.
import type {
  CheckpointStorage,
  CheckpointWriter,
  JsonValue,
  KeyGroupRange,
  ProgressListener,
  RestoreSource,
  SnapshotInProgress,
} from './checkpoint.ts';
import type {
  AggregatingStateDescriptor,
  ListStateDescriptor,
  MapStateDescriptor,
  ReducingStateDescriptor,
  StateDescriptor,
  ValueStateDescriptor,
} from './descriptors.ts';
import type { MetricGroup } from './metrics.ts';
import type { SavepointInProgress, SavepointOptions, SavepointWriter } from './savepoint.ts';
import type {
  AggregatingState,
  AppendingState,
  ListState,
  MapState,
  MergingState,
  NamespacedState,
  ReducingState,
  ValueState,
} from './state.ts';
import type { TtlTimeProvider } from './state-ttl.ts';
import type { InternalTimerService, InternalTimerServiceOptions } from './timers.ts';
import type { TypeInformation } from './type-information.ts';

/**
 * A share of the process, whose keyed backends share its memory. Any object stands for a slot: the same object, the same
 * slot.
 */
export interface TaskSlot {
  /** Memory for RocksDB, in bytes. Default: what the backend's configuration says. */
  readonly managedMemoryBytes?: number;
  /** Slots with the same id share memory in all threads of the process, each thread having an object of its own. */
  readonly id?: string;
}

/** How far the migration of a state is. */
export interface MigrationProgress {
  /** Its name. */
  readonly state: string;
  /** Rows that are written again. */
  readonly rows: number;
  /** All of them, as RocksDB estimates: it may count more than there are. */
  readonly estimatedRows: number;
}

/** What a keyed backend needs to know. */
export interface KeyedStateBackendOptions<K> {
  readonly keyType: TypeInformation<K>;
  /** Number of key groups, 1 to 32768: the unit in which state is rescaled. Default 128. Fixed for the life of the state. */
  readonly maxParallelism?: number;
  /** The key groups that this backend owns. Default: all. */
  readonly keyGroupRange?: KeyGroupRange;
  /** Directory for the working files, created if missing. Default: the system's temporary directory. */
  readonly localDir?: string;
  /** The slot whose memory it shares. Default: that of the process. Only backends on RocksDB look at it. */
  readonly slot?: TaskSlot;
  /** The checkpoint, or the operator of a savepoint, to start from. Default: empty state. */
  readonly restore?: RestoreSource;
  /**
   * States to create while opening, off the JS thread. A state that is new and not listed is created by `getState`,
   * which then blocks for a few milliseconds. One that is restored and whose type has changed is migrated while opening,
   * too; without being listed, it is migrated by `getState`, which then blocks for as long as that takes.
   */
  readonly states?: readonly StateDescriptor<unknown>[];
  /** Told of states that are declared in `states` and have to be written again by RocksDB, as their types have changed. */
  readonly onMigrationProgress?: (progress: MigrationProgress) => void;
  /**
   * Where the metrics of this backend go, those that the backend's configuration turns on. It is the caller's to close,
   * after the backend. Default: nothing is counted.
   */
  readonly metricGroup?: MetricGroup;
  /** The clock by which state with a time to live expires. Default: that of the system. */
  readonly ttlTimeProvider?: TtlTimeProvider;
  /**
   * Ends the opening, a restore in particular, which then fails with a `CancelledError` and leaves nothing behind. It means
   * nothing to an open backend: `close` ends that.
   */
  readonly signal?: AbortSignal;
}

/** What a snapshot may be given. */
export interface SnapshotOptions {
  /** Kept with the checkpoint and given back in the handle: source positions, for example. Default `null`. */
  readonly attachment?: JsonValue;
  /** Told of the upload; what earlier checkpoints have stored is done at once. */
  readonly onProgress?: ProgressListener;
  /**
   * Gives the snapshot up: it fails with a `CheckpointError` whose `cause` is the signal's reason, and leaves nothing behind;
   * what it has stored for a checkpoint of several backends goes when the caller aborts that. Once metadata is being written
   * it is too late.
   */
  readonly signal?: AbortSignal;
}

/** A namespace and its type. */
export interface NamespaceOptions<N> {
  readonly namespace: N;
  readonly namespaceType: TypeInformation<N>;
}

/** What `getPartitionedState` gives for a kind of state. */
export type PartitionedState<S, N> = S &
  NamespacedState<N> &
  (S extends AppendingState<never, unknown> ? MergingState<N> : unknown);

/** Told of every key that is about to become current. */
export type KeySelectionListener<K> = (key: K) => void;

/**
 * A listing of stored keys, in byte order, as of when it was asked for. Iterate it once, with `for … of`, or with
 * `for await … of`, which reads on a worker. Leaving the loop frees it.
 */
export interface Listing<T> extends Iterable<T>, AsyncIterable<T> {}

/** State partitioned by a key, for one consumer: calls are not to be interleaved between keys across `await`s. */
export interface KeyedStateBackend<K> extends AsyncDisposable {
  readonly maxParallelism: number;
  readonly keyGroupRange: KeyGroupRange;
  /** Names this keyed backend in checkpoints; another one has another. */
  readonly backendId: string;
  /**
   * Selects the key that state calls refer to.
   *
   * @throws SerializationError when the key can't be written as the key type.
   * @throws RangeError when its key group is not this backend's (`ERR_KEY_GROUP_OUT_OF_RANGE`).
   */
  setCurrentKey(key: K): void;
  /** @throws StateAccessError without a current key. */
  getCurrentKey(): K;
  /** The listener is called by every `setCurrentKey`, before the key changes. */
  registerKeySelectionListener(listener: KeySelectionListener<K>): void;
  /** Answers whether the listener was registered. */
  deregisterKeySelectionListener(listener: KeySelectionListener<K>): boolean;

  /**
   * The state with the descriptor's name; the same object for the same name.
   *
   * @throws StateMigrationError when the state is stored, or registered, with another kind or type.
   */
  getState<T>(descriptor: ValueStateDescriptor<T>): ValueState<T>;
  /** As {@link getState}, for lists. */
  getListState<T>(descriptor: ListStateDescriptor<T>): ListState<T>;
  /** As {@link getState}, for maps. */
  getMapState<UK, UV>(descriptor: MapStateDescriptor<UK, UV>): MapState<UK, UV>;
  /** As {@link getState}, for reduced values. */
  getReducingState<T>(descriptor: ReducingStateDescriptor<T>): ReducingState<T>;
  /** As {@link getState}, for aggregated values. */
  getAggregatingState<IN, ACC, OUT>(descriptor: AggregatingStateDescriptor<IN, ACC, OUT>): AggregatingState<IN, OUT>;
  /**
   * The state with the descriptor's name, set to a namespace, such as a window.
   *
   * @throws TypeError `ERR_INVALID_NAMESPACE` without a namespace or its type.
   * @throws StateMigrationError when the state is known with another kind, type or namespace type.
   */
  getPartitionedState<S, N>(descriptor: StateDescriptor<S>, options: NamespaceOptions<N>): PartitionedState<S, N>;

  /**
   * The timers with this name; the same object for the same name. Its triggerable and clock are those of the last call.
   *
   * @throws TypeError `ERR_INVALID_NAME`, `ERR_INVALID_NAMESPACE` or `ERR_INVALID_TRIGGERABLE` for what is none.
   * @throws StateMigrationError when timers of this name are known with another type of namespaces.
   */
  getTimerService<N>(name: string, options: InternalTimerServiceOptions<K, N>): InternalTimerService<N>;

  /** The keys that have something in a state, or in any of several. Unknown states have no keys. */
  getKeys(states: string | readonly string[]): Listing<K>;
  getKeys<N>(states: string | readonly string[], options: NamespaceOptions<N>): Listing<K>;
  /** Every key and namespace that has something in a state. */
  getKeysAndNamespaces<N>(state: string, namespaceType: TypeInformation<N>): Listing<readonly [K, N]>;
  /** Calls `visit` with every key that has something in the state, which is then the current key. */
  applyToAllKeys<S>(descriptor: StateDescriptor<S>, visit: (key: K, state: S) => void): void;
  applyToAllKeys<S, N>(
    descriptor: StateDescriptor<S>,
    visit: (key: K, state: PartitionedState<S, N>) => void,
    options: NamespaceOptions<N>,
  ): void;
  /**
   * Reads the rows of keys that will be used soon, off the JS thread, so that reading them is fast then: for a mini-batch,
   * say. It is about states with one row a key (all kinds but maps) that are registered without a namespace. It changes
   * nothing but the time that reads take; backends that hold state in memory do nothing.
   */
  prefetch(keys: Iterable<K>): Promise<void>;
  /**
   * Removes a state with all that is in it, whether the program has asked for it or not; later checkpoints and savepoints do not
   * have it. What `getState` gave for it fails with a `StateAccessError` (`ERR_STATE_DROPPED`) from now on. Asked for again once
   * this has settled, it is a new state without rows.
   *
   * @throws StateAccessError (as a rejection) when there is no such state (`ERR_UNKNOWN_STATE`), when it has the timers of a
   *   service that is in use (`ERR_STATE_IN_USE`), or while a snapshot is being captured (`ERR_SNAPSHOT_BEING_CAPTURED`).
   */
  dropState(name: string): Promise<void>;
  /** Rows of all states: for tests and curiosity, as it reads everything. */
  numKeyValueStateEntries(): Promise<number>;

  /**
   * Takes a checkpoint, or this backend's part in one: given a storage, the checkpoint has this backend alone and is complete
   * with the snapshot; given a checkpoint under way (`storage.begin(id)`), it is the caller who completes it with the handles
   * of all backends and tells each of the outcome. State may be read meanwhile, but writing it before `captured` settles throws a
   * `StateAccessError` (`ERR_SNAPSHOT_BEING_CAPTURED`), as the write could leak into the snapshot.
   *
   * @throws CheckpointError (as a rejection) when it can't be taken or stored; nothing is left behind then.
   */
  snapshot(
    checkpointId: number,
    target: CheckpointStorage | CheckpointWriter,
    options?: SnapshotOptions,
  ): SnapshotInProgress;
  /**
   * Takes a savepoint in Flink's canonical format, which any keyed backend can restore, with any key group range, and Flink
   * too; or this backend's part in one. Given a directory, which must not exist, the savepoint has this backend alone, and
   * is complete with the part; given a writer (`Savepoint.begin(directory)`), it is the caller who completes it. As with
   * {@link snapshot}, state may not be written before `captured` settles. Later checkpoints do not build upon savepoints.
   *
   * @throws CheckpointError (as a rejection) when it can't be written; nothing is left behind then.
   */
  savepoint(target: string | SavepointWriter, options: SavepointOptions): SavepointInProgress;
  /** Tells of a checkpoint that it is complete: only then later ones build upon its files. */
  notifyCheckpointComplete(checkpointId: number): void;
  /** Tells of a checkpoint that it failed or was given up. */
  notifyCheckpointAborted(checkpointId: number): void;
  /** Bytes of live data files on the local disk: 0 where state is in memory. */
  localSizeBytes(): Promise<number>;
  /** Ends all use, waits for what is under way, and removes the working files. Idempotent. */
  close(): Promise<void>;
}

/** Creates keyed backends of one kind. */
export interface StateBackend {
  createKeyedStateBackend<K>(options: KeyedStateBackendOptions<K>): Promise<KeyedStateBackend<K>>;
}

/** An option that is in effect, as RocksDB writes it, and where its value came from. */
export interface EffectiveOption {
  readonly value: string;
  /**
   * `RocksDB` is its own default; `default` and `preset` are Flink's; `memory` is what sharing memory forces, and `fixed`
   * what a keyed backend can't do without.
   */
  readonly source: 'RocksDB' | 'default' | 'preset' | 'configuration' | 'factory' | 'memory' | 'fixed';
}

/** Options in effect by RocksDB's names. */
export type EffectiveOptionMap = Readonly<Record<string, EffectiveOption>>;

/** What an open keyed backend really runs with. */
export interface EffectiveOptions {
  readonly database: EffectiveOptionMap;
  /** By name of state. */
  readonly columnFamilies: Readonly<
    Record<string, { readonly options: EffectiveOptionMap; readonly tableOptions: EffectiveOptionMap }>
  >;
  /** Those that were set: the rest have RocksDB's defaults. */
  readonly readOptions: EffectiveOptionMap;
  /** Those that were set: the rest have RocksDB's defaults. */
  readonly writeOptions: EffectiveOptionMap;
}

/** Memory that databases share, in bytes. */
export interface MemoryUsage {
  readonly cacheCapacityBytes: number;
  /** Blocks, and what memtables are charged with. */
  readonly cacheUsageBytes: number;
  /** What can't be evicted now. */
  readonly cachePinnedBytes: number;
  readonly writeBufferCapacityBytes: number;
  /** All memtables. */
  readonly writeBufferUsageBytes: number;
  /** Memtables that are still written to. */
  readonly writeBufferMutableBytes: number;
}

/** What a keyed backend on RocksDB tells beside its state. */
export interface RocksDBInspection {
  /** Reads back, from the open database, what it and the column family of each state run with. */
  effectiveOptions(): Promise<EffectiveOptions>;
  /**
   * Writes the files of a state again, off the JS thread, so that nothing is left in them that was removed or written over, or has
   * expired, where its time to live has compactions drop that.
   *
   * @param state - its name. Without it, those of all states, one after the other.
   * @throws StateAccessError (as a rejection) `ERR_UNKNOWN_STATE` when there is no such state.
   */
  compact(state?: string): Promise<void>;
  /** The memory of the slot, which other keyed backends may share; `undefined` where memory is not shared. */
  memoryUsage(): MemoryUsage | undefined;
}
