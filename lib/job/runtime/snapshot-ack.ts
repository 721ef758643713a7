// What a subtask says of its part in a checkpoint or savepoint. Plain data.
import type { KeyedStateHandle } from '../../api/checkpoint.ts';
import type { OperatorStateSnapshot } from '../../api/operator-state.ts';

/** Names a subtask of a job. */
export interface SubtaskId {
  readonly task: number;
  readonly index: number;
}

/** The state of a subtask is stored. */
export interface SnapshotAck {
  readonly checkpointId: number;
  readonly subtask: SubtaskId;
  /** Of its keyed state; absent in savepoints, and where it has none. */
  readonly handle?: KeyedStateHandle;
  /** Of its operators; absent for one that has none. */
  readonly operators: readonly { readonly uid: string; readonly state?: OperatorStateSnapshot }[];
  /** From the trigger until the barriers of all inputs had come. */
  readonly startDelayMs: number;
  /** While nothing was processed. */
  readonly syncMs: number;
  /** While state was stored in the background. */
  readonly asyncMs: number;
  /** What was stored for this checkpoint. */
  readonly checkpointedSizeBytes: number;
  readonly stateSizeBytes: number;
}
