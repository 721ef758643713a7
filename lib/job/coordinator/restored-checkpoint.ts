// The state of a job in a checkpoint that a job here took.
import type { CheckpointSource, CheckpointStorage, CompletedCheckpoint } from '../../api/checkpoint.ts';
import type { StoredOperatorState } from '../../api/operator-state.ts';
import { decodeJobCheckpoint, type OperatorOfJob } from './job-checkpoint.ts';
import type { RestoredJob, RestoredOperator } from './restored-job.ts';

/** Where a checkpoint is, and whose. */
export interface CheckpointOwnership extends Pick<CheckpointSource, 'claimMode'> {
  readonly storage: CheckpointStorage;
}

/** @throws RestoreError when a job did not take the checkpoint, or it is damaged. */
export function restoredFromCheckpoint(checkpoint: CompletedCheckpoint, ownership: CheckpointOwnership): RestoredJob {
  const { job, operators } = decodeJobCheckpoint(checkpoint);
  const { checkpointId, location } = checkpoint;
  const byUid = new Map(operators.map((operator) => [operator.uid, operator]));
  const { storage, claimMode = 'CLAIM' } = ownership;
  return {
    ...{ checkpointId, location, jobName: job.name },
    operator(uid) {
      const operator = byUid.get(uid);
      return operator && restoredOperator(operator, checkpoint, { storage, claimMode });
    },
    unclaimedBy(uids) {
      const claimed = new Set(uids);
      return operators.filter((operator) => !claimed.has(operator.uid) && hasState(operator)).map(({ uid }) => uid);
    },
    async protectUnclaimed() {
      if (claimMode !== 'CLAIM') {
        await storage.protect?.(checkpointId);
      }
    },
  };
}

function restoredOperator(
  { uid, parallelism, maxParallelism, subtasks }: OperatorOfJob,
  { checkpointId, location, handles }: CompletedCheckpoint,
  ownership: CheckpointOwnership,
): RestoredOperator {
  const ids = new Set(subtasks.map(({ backendId }) => backendId));
  const own = handles.filter(({ backendId }) => ids.has(backendId));
  const stored: StoredOperatorState = {
    parallelism,
    source: `the operator state of '${uid}' in checkpoint ${checkpointId} at ${location}`,
    subtasks: subtasks.flatMap(({ operatorState }, subtask) =>
      operatorState === undefined ? [] : { subtask, ...operatorState },
    ),
  };
  return {
    ...{ uid, parallelism, maxParallelism, location },
    keyed: own.length === 0 ? undefined : { ...ownership, handles: own },
    operatorState: async () => stored,
  };
}

function hasState({ subtasks }: OperatorOfJob): boolean {
  return subtasks.some(({ backendId, operatorState }) => (backendId ?? operatorState) !== undefined);
}
