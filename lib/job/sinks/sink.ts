// Where the records of a job go.
import type { TypeInformation } from '../../api/type-information.ts';

/** What a writer is told of a record. The object is valid during the call only. */
export interface SinkWriteContext {
  /** In event time; `-Infinity` for a record without. */
  readonly timestamp: number;
  readonly currentWatermark: number;
}

/** Where a writer runs. */
export interface SinkWriterContext<C> {
  /** From 0 on. */
  readonly subtaskIndex: number;
  readonly parallelism: number;
  /**
   * What all subtasks had not committed yet when the checkpoint was taken that the job goes on from. The runtime commits it:
   * each subtask some of it.
   */
  readonly restored: readonly C[];
}

/** Writes the records of one subtask. Its methods are called one at a time. */
export interface SinkWriter<T, C = never> {
  write(value: T, context: SinkWriteContext): void | Promise<void>;
  /**
   * Called before a checkpoint, and at the end of a job that takes none. What was written has to be safe then, and what is to
   * happen when the checkpoint is complete, is what it answers: the files that get their names, for example.
   */
  snapshot?(checkpointId: number): readonly C[] | Promise<readonly C[]>;
  /**
   * Called when the checkpoint is complete that has what `snapshot` answered; after a failure perhaps again, also by a later
   * run of the job, and by another subtask. What was committed before must stay as it is.
   */
  commit?(committables: readonly C[]): void | Promise<void>;
  /** Called at the end, also after a failure. What was not committed counts for nothing. */
  close?(): void | Promise<void>;
}

/**
 * A destination. Records are written exactly once where the writer has `snapshot` and `commit`: those after the last complete
 * checkpoint are written again after a failure, and the first writing of them was not committed.
 *
 * @typeParam T - of the records.
 * @typeParam C - of what is committed: plain data, kept in checkpoints as JSON unless `committableType` says otherwise.
 */
export interface Sink<T, C = never> {
  readonly committableType?: TypeInformation<C>;
  createWriter(context: SinkWriterContext<C>): SinkWriter<T, C> | Promise<SinkWriter<T, C>>;
}
