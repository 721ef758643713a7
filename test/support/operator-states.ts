// Operator state of several subtasks, stored and restored.
import type { OperatorStateSnapshot, StoredOperatorState } from '../../lib/api/operator-state.ts';
import { OperatorStateBackend } from '../../lib/job/operator-state/operator-state-backend.ts';

/** What subtasks have stored, in their order. */
export function storedOf(snapshots: readonly (OperatorStateSnapshot | undefined)[]): StoredOperatorState {
  return {
    parallelism: snapshots.length,
    source: 'the operator state of a test',
    subtasks: snapshots.flatMap((snapshot, subtask) => (snapshot === undefined ? [] : { subtask, ...snapshot })),
  };
}

/** All subtasks of an operator. */
export function subtasksFrom(stored: StoredOperatorState, parallelism: number): OperatorStateBackend[] {
  return Array.from({ length: parallelism }, (_, subtaskIndex) =>
    OperatorStateBackend.restore(stored, { subtaskIndex, parallelism }),
  );
}
