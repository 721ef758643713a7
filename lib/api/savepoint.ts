// Savepoints as seen from outside, which any backend and Flink itself can restore, and what backends read of Flink's checkpoints.
import type { KeyGroupRange } from './checkpoint.ts';
import type { OperatorStateSnapshot, SubtaskOperatorState } from './operator-state.ts';
import type { SerializerSnapshot, SnapshotForms } from './serializer-snapshot.ts';
import type { TypeInformation } from './type-information.ts';

/** How to take a savepoint. */
export interface SavepointOptions {
  /** The name of the operator whose state it is: that of `.uid(…)` in a Flink job that is to restore it. */
  readonly uid: string;
  /**
   * Whether key groups are compressed with Snappy. Default: what `execution.checkpointing.snapshot-compression` says, which is
   * `false` unless set. A {@link SavepointWriter} decides it for all its parts.
   */
  readonly compress?: boolean;
  /** Ends the work; nothing is left behind then. */
  readonly signal?: AbortSignal;
}

/** The state of one keyed backend in a savepoint. */
export interface SavepointPart {
  /** The name of its operator. */
  readonly uid: string;
  readonly maxParallelism: number;
  readonly keyGroupRange: KeyGroupRange;
  /** Where each key group of the range begins in the file, in bytes; 0 for one without rows. */
  readonly offsets: readonly number[];
  readonly sizeBytes: number;
}

/** A savepoint under way. Awaiting it gives the part of this backend. */
export interface SavepointInProgress extends PromiseLike<SavepointPart> {
  /** Settles when the state is captured: from then on it may be written again. */
  readonly captured: Promise<void>;
  /** Resolves when the part is written and, given a directory, the savepoint complete. */
  readonly completed: Promise<SavepointPart>;
}

/** The state of one subtask that is not keyed, on its way into a savepoint. */
export interface SavepointOperatorStatePart {
  /** The name of its operator. */
  readonly uid: string;
  /** From 0 on. */
  readonly subtaskIndex: number;
  /** How many subtasks the operator has; where it has keyed state too, as many as its keyed backends. */
  readonly parallelism: number;
  readonly maxParallelism: number;
  /** Absent where the subtask has none; the savepoint then still says that there is such an operator, as Flink's do. */
  readonly snapshot: OperatorStateSnapshot | undefined;
}

/** A savepoint that several keyed backends write to. Nothing of it counts until `complete`. */
export interface SavepointWriter {
  /** Where the savepoint will be. */
  readonly directory: string;
  readonly compress: boolean;
  /**
   * Adds the state of a keyed backend.
   *
   * @param write - writes a file, durably, that does not exist yet.
   */
  add(write: (path: string) => Promise<SavepointPart>): Promise<SavepointPart>;
  /** Adds the state of a subtask that is not keyed, once for each subtask of an operator. */
  addOperatorState(part: SavepointOperatorStatePart): Promise<void>;
  /**
   * Makes the savepoint complete, atomically.
   *
   * @throws CheckpointError when parts of an operator are missing or don't fit each other, or it can't be written; it is to be
   *   aborted then.
   */
  complete(): Promise<void>;
  /** Removes what was written. */
  abort(): Promise<void>;
}

/** Bytes of a savepoint: in a file, or in the metadata itself. */
export interface SavepointBytes {
  readonly source: { readonly path: string; readonly start: number } | { readonly bytes: Uint8Array };
  readonly sizeBytes: number;
}

/** Keyed state of one subtask in one stream. */
export interface SavepointKeyGroups extends SavepointBytes {
  /** `savepoint-key-groups` are in the canonical format; `key-groups` in that of Flink's heap backend, or also canonical. */
  readonly kind: 'savepoint-key-groups' | 'key-groups';
  readonly keyGroupRange: KeyGroupRange;
  /** Where each key group of the range begins, in bytes from `start`; 0 for one without rows, in raw keyed state -1. */
  readonly offsets: readonly number[];
}

/** Keyed state of one subtask as the files of a RocksDB database. */
export interface SavepointDatabase {
  readonly kind: 'incremental';
  readonly keyGroupRange: KeyGroupRange;
  readonly checkpointId: number;
  /** Identifies the backend that wrote the files. */
  readonly backendId: string;
  /** The header of keyed state. */
  readonly metadata: SavepointBytes;
  /** By their names in RocksDB's directory. */
  readonly files: readonly (SavepointBytes & { readonly name: string })[];
}

/** Where the keyed state of one subtask is in a savepoint or checkpoint. */
export type SavepointKeyedState = SavepointKeyGroups | SavepointDatabase;

/** What tells how values are read: `SavepointTypes`. */
export interface SerializerLookup {
  /** How snapshots of the program's own serializers are laid out. */
  readonly forms: SnapshotForms;
  /** @throws UnknownSerializerError when there is no type for what the serializer wrote. */
  typeOf(snapshot: SerializerSnapshot, stateName?: string): TypeInformation<unknown>;
  /** The id of that type's serializer, also when there is no type. */
  idOf(snapshot: SerializerSnapshot): string;
}

/** The state of one operator in a savepoint; a keyed backend is restored from what is keyed. */
export interface SavepointOperator {
  /** 32 hexadecimal digits: a hash of its uid. */
  readonly operatorId: string;
  /** Where the savepoint tells it; older releases of Flink wrote only the id. */
  readonly uid: string | undefined;
  readonly parallelism: number;
  readonly maxParallelism: number;
  /** The savepoint's directory. */
  readonly location: string;
  readonly types: SerializerLookup;
  /** Whether keyed state that nothing here can hold is left behind; otherwise a restore fails. */
  readonly allowNonRestoredState: boolean;
  /** Whether there is any state of it: savepoints name operators without state, too. */
  readonly hasState: boolean;
  /** Whether there is keyed state, raw or not. */
  readonly hasKeyedState: boolean;
  /**
   * One for each subtask that has keyed state.
   *
   * @throws RestoreError when it is in a format that is not read, or a file is not there.
   */
  keyedState(): Promise<readonly SavepointKeyedState[]>;
  /**
   * Keyed state that operators wrote in formats of their own, one for each subtask that has some: timers that Flink holds in
   * memory, beside a database of RocksDB.
   *
   * @throws RestoreError when a file is not there.
   */
  rawKeyedState(): Promise<readonly SavepointKeyGroups[]>;
  /**
   * Reads the state that is not keyed, of each subtask that has some.
   *
   * @throws RestoreError when a file is not there.
   */
  operatorState(): Promise<readonly SubtaskOperatorState[]>;
}
