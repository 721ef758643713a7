// Runs the subtasks of a job: in this thread, or in several.
import type { CheckpointWriter } from '../../api/checkpoint.ts';
import type { SavepointWriter } from '../../api/savepoint.ts';
import type { SnapshotAck, SubtaskId } from './snapshot-ack.ts';
import type { Barrier } from './stream-element.ts';

/** How a job ends before its input does: as if there were no more input, or so that it can go on from there. */
export type StopMode = 'drain' | 'suspend';

/** Where the state of a checkpoint or savepoint goes. */
export type SnapshotTarget = {
  readonly signal: AbortSignal;
  /** Called when a subtask has stored its state, before that counts. */
  confirm?(): Promise<void>;
} & (
  | { readonly kind: 'checkpoint'; readonly writer: CheckpointWriter }
  | { readonly kind: 'savepoint'; readonly writer: SavepointWriter }
);

/** Told of what subtasks do. */
export interface ExecutorListener {
  acknowledged(ack: SnapshotAck): void;
  declined(checkpointId: number, subtask: SubtaskId, error: unknown): void;
  reachedEnd(subtask: SubtaskId): void;
  failed(subtask: SubtaskId, error: unknown): void;
}

/** Takes snapshots of all subtasks. */
export interface SnapshotTakers {
  /** Lets the sources begin a checkpoint or savepoint, and, with `stop`, end. */
  trigger(barrier: Barrier, target: SnapshotTarget, stop: StopMode | undefined): void | Promise<void>;
  /** A checkpoint is complete: operators may commit what belongs to it. Rejects when one can't. */
  completeCheckpoint(checkpointId: number, isSavepoint: boolean): Promise<void>;
  abortCheckpoint(checkpointId: number): void;
  /** Nothing more is stored for it. */
  forgetSnapshot(checkpointId: number): void;
}

export interface Executor extends SnapshotTakers {
  /** Restores and opens all subtasks. Whatever fails, `close` is to be called. */
  open(): Promise<void>;
  start(): void;
  /** Ends all subtasks, after what they are doing, and lets go of their state. Rejects with the first failure. */
  close(): Promise<void>;
}
