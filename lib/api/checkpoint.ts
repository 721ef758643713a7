// Checkpoints as seen from outside: handles, storages, and a snapshot under way.
import type { StateKind } from './descriptors.ts';

/** Anything that JSON can hold. */
export type JsonValue =
  | null
  | boolean
  | number
  | string
  | readonly JsonValue[]
  | { readonly [name: string]: JsonValue };

/** An inclusive range of key groups. */
export interface KeyGroupRange {
  readonly start: number;
  readonly end: number;
}

/** A file of a checkpoint, as it was stored. */
export interface StoredFile {
  /** Name within the checkpoint. */
  readonly name: string;
  readonly sizeBytes: number;
  /** CRC-32 (IEEE) of the contents. */
  readonly crc32: number;
}

/** What a checkpoint keeps about a state beside its rows. */
export interface StoredState {
  readonly name: string;
  readonly kind: StateKind;
  /** Identifies the byte format of the values. */
  readonly valueFormat: string;
  /** Identifies the byte format of the namespaces. */
  readonly namespaceFormat: string;
}

/** A completed snapshot of one keyed backend. Plain data: it can be stored and sent as JSON. */
export interface KeyedStateHandle {
  readonly checkpointId: number;
  /** The backend that wrote the files: only the same one reads them. */
  readonly backend: 'rocksdb' | 'hashmap';
  /** The directory (or other address) that holds the files. */
  readonly location: string;
  readonly maxParallelism: number;
  readonly keyGroupRange: KeyGroupRange;
  /** Identifies the byte format of the keys. */
  readonly keySerializer: string;
  readonly states: readonly StoredState[];
  readonly files: readonly StoredFile[];
  /** Sum of the files' sizes. */
  readonly sizeBytes: number;
  /** What the caller gave to `snapshot` to be kept with the state, such as the position of its source. */
  readonly attachment: JsonValue;
}

/** Takes the files of one checkpoint. Nothing of it counts until `complete`. */
export interface CheckpointWriter {
  /** Stores a copy of a local file under `name`. */
  upload(localPath: string, name: string): Promise<StoredFile>;
  /** Makes the checkpoint complete, atomically. Returns the handle with the location filled in. */
  complete(handle: Omit<KeyedStateHandle, 'location'>): Promise<KeyedStateHandle>;
  /** Removes what was stored. */
  abort(): Promise<void>;
}

/** Where checkpoints go. */
export interface CheckpointStorage {
  /** Begins a checkpoint. @throws CheckpointError when a complete one with this id exists. */
  begin(checkpointId: number): Promise<CheckpointWriter>;
  /** Copies a stored file to a local path, verifying size and checksum. @throws RestoreError when they differ. */
  download(handle: KeyedStateHandle, file: StoredFile, localPath: string): Promise<void>;
}

/** A handle together with the storage that can read its files. */
export interface RestoreSource {
  readonly storage: CheckpointStorage;
  readonly handle: KeyedStateHandle;
}

/** A snapshot under way. Awaiting it gives the handle. */
export interface SnapshotInProgress extends PromiseLike<KeyedStateHandle> {
  /** Settles when the state is captured: from then on it may be written again. */
  readonly captured: Promise<void>;
  /** Resolves with the handle when the checkpoint is complete in its storage. */
  readonly completed: Promise<KeyedStateHandle>;
}
