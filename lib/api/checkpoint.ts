// Checkpoints as seen from outside: handles, storages, and a snapshot under way.
import type { StateKind } from './descriptors.ts';
import type { SavepointOperator } from './savepoint.ts';

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

/** A file of a checkpoint, as it was stored. Plain data, as all of a handle. */
export interface StoredFile {
  /** Name within the snapshot of its backend. */
  readonly name: string;
  readonly sizeBytes: number;
  /** CRC-32 (IEEE) of the contents. */
  readonly crc32: number;
  /** Where it is, relative to the root of the storage; a shared file may belong to several checkpoints. */
  readonly path: string;
  /** Whether other checkpoints may use the file. */
  readonly shared: boolean;
  /** The contents of a small file in base 64: it is in the metadata then, and nowhere else. */
  readonly inline?: string;
}

/** What a checkpoint keeps about a state beside its rows. */
export interface StoredState {
  readonly name: string;
  /** Of state, of a queue of timers, or what else Flink stored, which is only carried along. */
  readonly kind: StateKind | 'PRIORITY_QUEUE' | 'UNKNOWN';
  /** Identifies the byte format of the values. */
  readonly valueFormat: string;
  /** Identifies the byte format of the namespaces. */
  readonly namespaceFormat: string;
  /** How a savepoint describes the state, in Flink's bytes as base 64. Checkpoints of earlier releases are without. */
  readonly description?: string;
  /** The rows are those of a savepoint, as the program did not ask for the state since: only in the hashmap backend. */
  readonly rows?: 'canonical';
}

/** A completed snapshot of one keyed backend. Plain data: it can be stored and sent as JSON. */
export interface KeyedStateHandle {
  readonly checkpointId: number;
  /** The keyed backend whose snapshot it is; a new one has a new id, also after a restore. */
  readonly backendId: string;
  /** The backend that wrote the files: only the same one reads them. */
  readonly backend: 'rocksdb' | 'hashmap';
  /** The directory (or other address) that holds the files. */
  readonly location: string;
  readonly maxParallelism: number;
  readonly keyGroupRange: KeyGroupRange;
  /** Identifies the byte format of the keys. */
  readonly keySerializer: string;
  /** How a savepoint describes the keys, in Flink's bytes as base 64. Checkpoints of earlier releases are without. */
  readonly keyDescription?: string;
  readonly states: readonly StoredState[];
  readonly files: readonly StoredFile[];
  /** Sum of the files' sizes: what a restore reads. */
  readonly sizeBytes: number;
  /** Bytes that were written for this checkpoint: less than `sizeBytes` when it is incremental. */
  readonly checkpointedSizeBytes: number;
  /** What the caller gave to `snapshot` to be kept with the state, such as the position of its source. */
  readonly attachment: JsonValue;
}

/** A completed checkpoint: the snapshots of all keyed backends that took part, if any did. Plain data. */
export interface CompletedCheckpoint {
  readonly checkpointId: number;
  /** The directory (or other address) of the checkpoint. */
  readonly location: string;
  readonly handles: readonly KeyedStateHandle[];
  /** What the caller keeps with the checkpoint as a whole; absent where nothing was given. */
  readonly attachment?: JsonValue;
}

/** How to store a file. */
export interface UploadOptions {
  /** Name within the snapshot. */
  readonly name: string;
  /** The backend whose file it is. */
  readonly backendId: string;
  /** Whether later checkpoints may use the file. */
  readonly shared: boolean;
  /** Whether the stored file may be a link to the local one, which is not changed any more then. Default: it is copied. */
  readonly mayLink?: boolean;
  /** Ends the upload. */
  readonly signal?: AbortSignal;
}

/** A checkpoint under way, which takes the files of one or several keyed backends. Nothing of it counts until `complete`. */
export interface CheckpointWriter {
  readonly checkpointId: number;
  /** Stores a local file. */
  upload(localPath: string, options: UploadOptions): Promise<StoredFile>;
  /** Takes over a shared file of an earlier checkpoint, or answers `undefined` when it is not there any more. */
  reuse(file: StoredFile): StoredFile | undefined;
  /**
   * Makes the checkpoint complete, atomically.
   *
   * @param handles - of all backends that took part; there may be none.
   * @param attachment - kept with the checkpoint as a whole, and given back with it.
   * @throws CheckpointError when it can't be; it is to be aborted then.
   */
  complete(handles: readonly KeyedStateHandle[], attachment?: JsonValue): Promise<CompletedCheckpoint>;
  /** Removes what was stored. */
  abort(): Promise<void>;
}

/** Where checkpoints go. */
export interface CheckpointStorage {
  /** Begins a checkpoint. @throws CheckpointError when a complete one with this id exists. */
  begin(checkpointId: number): Promise<CheckpointWriter>;
  /**
   * Copies a stored file to a local path, verifying size and checksum. An aborted signal ends that; the promise is then
   * rejected with the signal's reason.
   *
   * @throws RestoreError when size or checksum differ.
   */
  download(handle: KeyedStateHandle, file: StoredFile, localPath: string, signal?: AbortSignal): Promise<void>;
  /** Keeps a checkpoint from being deleted by retention: it belongs to somebody else. */
  protect?(checkpointId: number): Promise<void>;
  /** Deletes a checkpoint. Nothing happens when there is no such checkpoint. */
  discard?(checkpointId: number): Promise<void>;
  /** Ids of the complete checkpoints, oldest first. */
  list?(): Promise<number[]>;
}

/** How far a transfer is. */
export interface TransferProgress {
  readonly files: number;
  readonly filesDone: number;
  readonly bytes: number;
  readonly bytesDone: number;
}

/** Told after every file. */
export type ProgressListener = (progress: TransferProgress) => void;

/**
 * Who owns the checkpoint that is restored. `CLAIM`: this program; it builds upon its files, and its retention deletes it.
 * `NO_CLAIM`: somebody else; the first checkpoint afterwards stores every file, and retention never deletes it. `LEGACY`:
 * somebody else, but its files are built upon, and it is never deleted.
 */
export type RecoveryClaimMode = 'CLAIM' | 'NO_CLAIM' | 'LEGACY';

/** What to restore: a checkpoint, or an operator of a savepoint. */
export type RestoreSource = CheckpointSource | SavepointOperator;

/** A checkpoint to restore, together with the storage that can read its files. */
export type CheckpointSource = {
  readonly storage: CheckpointStorage;
  /**
   * Default: what the backend's configuration says in `execution.state-recovery.claim-mode`, else `CLAIM`, as a program goes
   * on from its own checkpoint. Files in another storage are never built upon.
   */
  readonly claimMode?: RecoveryClaimMode;
  readonly onProgress?: ProgressListener;
} & (
  | { readonly handle: KeyedStateHandle; readonly handles?: never }
  /** Of all keyed backends of a checkpoint: those that have key groups of the new one are read. */
  | { readonly handles: readonly KeyedStateHandle[]; readonly handle?: never }
);

/** A snapshot under way. Awaiting it gives the handle. */
export interface SnapshotInProgress extends PromiseLike<KeyedStateHandle> {
  /** Settles when the state is captured: from then on it may be written again. */
  readonly captured: Promise<void>;
  /** Resolves with the handle when the checkpoint is complete in its storage. */
  readonly completed: Promise<KeyedStateHandle>;
}
