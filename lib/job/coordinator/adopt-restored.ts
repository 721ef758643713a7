// Fits a job to the state that it goes on from.
import { typeError } from '../../errors.ts';
import type { JobGraph, Task } from '../graph/job-graph.ts';
import { checkAllClaimed, type RestoredJob, restoredMaxParallelism } from './restored-job.ts';

/**
 * The job with the numbers of key groups that its state has.
 *
 * @throws RestoreError when there is state of operators that the job has not, unless allowed, or when a number of key groups
 *   that the program has set differs.
 * @throws TypeError `ERR_INVALID_PARALLELISM` for more subtasks than key groups.
 */
export function adoptRestored(
  graph: JobGraph,
  restored: RestoredJob | undefined,
  allowNonRestoredState: boolean,
): JobGraph {
  if (restored !== undefined) {
    const uids = graph.tasks.flatMap(({ operators }) => operators.map(({ uid }) => uid));
    checkAllClaimed(restored, uids, allowNonRestoredState);
  }
  const tasks = graph.tasks.map((task) => {
    const maxParallelism = restored === undefined ? task.maxParallelism : adopted(task, restored);
    if (task.parallelism > maxParallelism) {
      throw typeError(
        'ERR_INVALID_PARALLELISM',
        `'${task.name}' can't have ${task.parallelism} subtasks with a maximum parallelism of ${maxParallelism}.`,
      );
    }
    return { ...task, maxParallelism };
  });
  return { ...graph, tasks };
}

// Of an operator with keyed state: what others have stored has no key groups.
function adopted({ head, isMaxParallelismSet, maxParallelism, parallelism }: Task, restored: RestoredJob): number {
  const operator = restored.operator(head.uid);
  return operator?.keyed === undefined
    ? maxParallelism
    : restoredMaxParallelism(operator, {
        parallelism,
        maxParallelism: isMaxParallelismSet ? maxParallelism : undefined,
      });
}
