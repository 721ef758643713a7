// What the threads of a job tell each other. Plain data.
import type { CompletedCheckpoint } from '../../api/checkpoint.ts';
import type { JobGraph } from '../graph/job-graph.ts';

/** The workers of a job. */
export interface JobWorkers {
  readonly count: number;
  /** URL of the module that defines the job. */
  readonly module: string;
  /** What the module finds around it. */
  readonly configuration: Readonly<Record<string, unknown>>;
}

/** What a worker begins with. */
export interface WorkerStart {
  readonly workers: JobWorkers;
  readonly index: number;
  /** Identifies the memory that the workers share. */
  readonly slotId: string;
}

/** What a worker is to run. */
export interface WorkerDeployment {
  /** Of each task, in order: those of the job's own thread, which the worker's program must have as well. */
  readonly tasks: readonly TaskShape[];
  readonly attemptNumber: number;
  /** A checkpoint of this run of the job, to be read through the job's storage. */
  readonly checkpoint?: CompletedCheckpoint;
  /** Or where the state is that the job began with. */
  readonly restoredFrom?: string;
}

/** What tells tasks apart. */
export interface TaskShape {
  readonly uids: readonly string[];
  readonly parallelism: number;
  readonly maxParallelism: number;
}

export function shapesOf({ tasks }: JobGraph): TaskShape[] {
  return tasks.map(({ maxParallelism, operators, parallelism }) => ({
    ...{ maxParallelism, parallelism },
    uids: operators.map(({ uid }) => uid),
  }));
}

/** The thread that runs a subtask. */
export function workerOf(index: number, workers: number): number {
  return index % workers;
}
