// State backends and the keyed backends that they create.
import type { CheckpointStorage, JsonValue, KeyGroupRange, RestoreSource, SnapshotInProgress } from './checkpoint.ts';
import type { StateDescriptor, ValueState, ValueStateDescriptor } from './state.ts';
import type { TypeInformation } from './type-information.ts';

/** What a keyed backend needs to know. */
export interface KeyedStateBackendOptions<K> {
  readonly keyType: TypeInformation<K>;
  /** Number of key groups, 1 to 32768: the unit in which state is rescaled. Default 128. Fixed for the life of the state. */
  readonly maxParallelism?: number;
  /** The key groups that this backend owns. Default: all. */
  readonly keyGroupRange?: KeyGroupRange;
  /** Directory for the working files, created if missing. Default: the system's temporary directory. */
  readonly localDir?: string;
  /** The checkpoint to start from. Default: empty state. */
  readonly restore?: RestoreSource;
  /**
   * States to create while opening, off the JS thread. A state that is new and not listed is created by `getState`,
   * which then blocks for a few milliseconds.
   */
  readonly states?: readonly StateDescriptor<unknown>[];
}

/** What a snapshot may be given. */
export interface SnapshotOptions {
  /** Kept with the checkpoint and given back in the handle: source positions, for example. Default `null`. */
  readonly attachment?: JsonValue;
}

/** State partitioned by a key, for one consumer: calls are not to be interleaved between keys across `await`s. */
export interface KeyedStateBackend<K> extends AsyncDisposable {
  readonly maxParallelism: number;
  readonly keyGroupRange: KeyGroupRange;
  /**
   * Selects the key that state calls refer to.
   *
   * @throws SerializationError when the key can't be written as the key type.
   * @throws RangeError when its key group is not this backend's (`ERR_KEY_GROUP_OUT_OF_RANGE`).
   */
  setCurrentKey(key: K): void;
  /** @throws StateAccessError without a current key. */
  getCurrentKey(): K;
  /**
   * The state with the descriptor's name; the same object for the same name.
   *
   * @throws StateMigrationError when the state is stored, or registered, with another kind or type.
   */
  getState<T>(descriptor: ValueStateDescriptor<T>): ValueState<T>;
  /**
   * Takes a checkpoint. State may be read meanwhile, but writing it before `captured` settles throws a
   * `StateAccessError` (`ERR_SNAPSHOT_BEING_CAPTURED`), as the write could leak into the snapshot.
   *
   * @throws CheckpointError (as a rejection) when it can't be taken or stored; nothing is left behind then.
   */
  snapshot(checkpointId: number, storage: CheckpointStorage, options?: SnapshotOptions): SnapshotInProgress;
  /** Bytes of live data files on the local disk. */
  localSizeBytes(): Promise<number>;
  /** Ends all use, waits for what is under way, and removes the working files. Idempotent. */
  close(): Promise<void>;
}

/** Creates keyed backends of one kind. */
export interface StateBackend {
  createKeyedStateBackend<K>(options: KeyedStateBackendOptions<K>): Promise<KeyedStateBackend<K>>;
}
