// What functions may implement to keep state that belongs to no key, and to learn of checkpoints.
import type { OperatorStateStore } from '../operator-state/operator-state-store.ts';

/** What a function may ask for when it begins. */
export interface FunctionInitializationContext {
  /** Whether there is state to begin with: of a checkpoint or savepoint that has this operator. */
  readonly isRestored: boolean;
  readonly operatorStateStore: OperatorStateStore;
}

/** Why a function is to write its state. */
export interface FunctionSnapshotContext {
  readonly checkpointId: number;
}

/**
 * A function with operator state. Any function of a job may implement it.
 *
 * @example
 * ```ts
 * class Numbering implements MapFunction<string, string>, CheckpointedFunction {
 *   #next = 0;
 *   #stored!: OperatorListState<number>;
 *   initializeState({ operatorStateStore }: FunctionInitializationContext) {
 *     this.#stored = operatorStateStore.getListState(new ListStateDescriptor('next', Types.LONG));
 *     for (const next of this.#stored) this.#next = Math.max(this.#next, next);
 *   }
 *   map(line: string) {
 *     return `${this.#next++}: ${line}`;
 *   }
 *   snapshotState() {
 *     this.#stored.update([this.#next]);
 *   }
 * }
 * ```
 */
export interface CheckpointedFunction {
  /** Called in each subtask before `open`. */
  initializeState(context: FunctionInitializationContext): void | Promise<void>;
  /** Called before a checkpoint is taken: what is to be in it has to be in state then. */
  snapshotState?(context: FunctionSnapshotContext): void | Promise<void>;
}

/** A function that wants to know what becomes of checkpoints. Any function of a job may implement it. */
export interface CheckpointListener {
  notifyCheckpointComplete?(checkpointId: number): void | Promise<void>;
  notifyCheckpointAborted?(checkpointId: number): void | Promise<void>;
}
