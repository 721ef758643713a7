// Where the records of a job come from. What is to be read is divided into splits, each of which is read by one subtask and
// knows its position, so that reading goes on there after a restore, with any parallelism.
import type { TypeInformation } from '../../api/type-information.ts';

/** Records that the readers here put out at most in one call of `pollNext`. */
export const POLL_RECORDS = 64;

/** Takes the records of a reader. */
export interface ReaderOutput<T> {
  /** @param timestamp - in event time, where the source knows it; a watermark strategy may decide otherwise. */
  collect(value: T, timestamp?: number): void;
  /** Says that the reader puts nothing out for now, so that watermarks do not wait for it; a record ends that. */
  markIdle(): void;
}

/**
 * What reading has come to: there is more, or there is nothing now, and `isAvailable` tells when that changes, or nothing will
 * come any more.
 */
export type InputStatus = 'MORE_AVAILABLE' | 'NOTHING_AVAILABLE' | 'END_OF_INPUT';

/** Reads the splits of one subtask. Its methods are called one at a time, but for `isAvailable`. */
export interface SourceReader<T, S> {
  /** Called before the first record. */
  start?(): void | Promise<void>;
  /**
   * Puts out the records that are at hand, a hundred at most, so that checkpoints and others get their turn. It must not wait.
   *
   * @throws what makes the job fail.
   */
  pollNext(output: ReaderOutput<T>): InputStatus;
  /** Settles when `pollNext` is worth a call. */
  isAvailable(): Promise<void>;
  /** The splits with their positions behind the last record that was put out. */
  snapshotState(checkpointId: number): readonly S[];
  notifyCheckpointComplete?(checkpointId: number): void | Promise<void>;
  close?(): void | Promise<void>;
}

/** Where a reader runs. */
export interface SourceReaderContext {
  /** From 0 on. */
  readonly subtaskIndex: number;
  readonly parallelism: number;
}

/**
 * A source that can be read again from a position. Its splits are plain data: they are kept in checkpoints, as JSON unless
 * `splitType` says otherwise.
 *
 * @typeParam T - of the records.
 * @typeParam S - of a split with its position.
 */
export interface Source<T, S> {
  readonly boundedness: 'BOUNDED' | 'CONTINUOUS_UNBOUNDED';
  /** Of the records, for state that holds them. */
  readonly type?: TypeInformation<T>;
  readonly splitType?: TypeInformation<S>;
  /** What there is to be read when nothing was read yet. Subtasks take them in turn. */
  splits(context: { readonly parallelism: number }): readonly S[] | Promise<readonly S[]>;
  createReader(splits: readonly S[], context: SourceReaderContext): SourceReader<T, S>;
}
