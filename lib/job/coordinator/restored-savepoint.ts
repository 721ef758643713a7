// The state of a job in a savepoint, or in a checkpoint of Flink.
import type { SavepointOperator } from '../../api/savepoint.ts';
import { operatorIdOf } from '../../savepoint/operator-id.ts';
import type { Savepoint } from '../../savepoint/savepoint.ts';
import type { RestoredJob, RestoredOperator } from './restored-job.ts';

export function restoredFromSavepoint({ checkpointId, directory, operators }: Savepoint): RestoredJob {
  const byId = new Map(operators.map((operator) => [operator.operatorId, operator]));
  return {
    ...{ checkpointId, location: directory, jobName: undefined },
    operator(uid) {
      const operator = byId.get(operatorIdOf(uid));
      return operator && restoredOperator(uid, operator);
    },
    unclaimedBy(uids) {
      const claimed = new Set(Array.from(uids, operatorIdOf));
      const isLeft = ({ operatorId, hasState }: SavepointOperator) => hasState && !claimed.has(operatorId);
      return operators.filter(isLeft).map(({ uid, operatorId }) => uid ?? operatorId);
    },
    // It is nobody's to delete here.
    async protectUnclaimed() {},
  };
}

function restoredOperator(uid: string, operator: SavepointOperator): RestoredOperator {
  const { parallelism, maxParallelism, location, types, hasKeyedState } = operator;
  return {
    ...{ uid, parallelism, maxParallelism, location },
    keyed: hasKeyedState ? operator : undefined,
    async operatorState() {
      const source = `the operator state of '${uid}' in the savepoint at ${location}`;
      return { parallelism, source, types, subtasks: await operator.operatorState() };
    },
  };
}
