// Where a job is in its life, and what comes of it.

/** As Flink's `JobStatus`. */
export type JobStatus = 'INITIALIZING' | 'RUNNING' | 'RESTARTING' | 'CANCELLING' | 'FINISHED' | 'CANCELED' | 'FAILED';

/** What comes of a job that has come to its end. */
export interface JobExecutionResult {
  readonly jobName: string;
  /** From the start of the job to its end. */
  readonly netRuntimeMs: number;
  /** How often it was started again after failures. */
  readonly restarts: number;
  /** The savepoint that it was stopped with. */
  readonly savepoint?: string;
}
