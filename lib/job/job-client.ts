// A job that runs, as seen by the program that has started it.
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { CompletedCheckpoint } from '../api/checkpoint.ts';
import type { SavepointWriter } from '../api/savepoint.ts';
import { typeError } from '../errors.ts';
import type { MetricRegistry } from '../metrics/metric-registry.ts';
import { Savepoint } from '../savepoint/savepoint.ts';
import type { CheckpointStatisticsSnapshot } from './coordinator/checkpoint-statistics.ts';
import type { JobExecution } from './coordinator/job-execution.ts';
import type { JobExecutionResult, JobStatus } from './coordinator/job-status.ts';

/** How to stop a job. */
export interface StopOptions {
  /** As that of {@link JobClient.triggerSavepoint}. */
  readonly directory?: string;
  /** Whether the job ends as if there were no more input: all windows fire. Default false, so that it can go on from there. */
  readonly drain?: boolean;
}

/** What a client is made of. */
export interface JobClientParts {
  readonly jobName: string;
  readonly execution: JobExecution;
  readonly metrics: MetricRegistry;
  /** Directory of savepoints that are given none. */
  readonly savepointDirectory: string | undefined;
}

/** Watches and ends a job. */
export class JobClient {
  readonly jobName: string;
  readonly metrics: MetricRegistry;
  readonly #execution: JobExecution;
  readonly #savepointDirectory: string | undefined;

  /** @internal */
  constructor({ execution, jobName, metrics, savepointDirectory }: JobClientParts) {
    this.jobName = jobName;
    this.metrics = metrics;
    this.#execution = execution;
    this.#savepointDirectory = savepointDirectory;
  }

  get status(): JobStatus {
    return this.#execution.status;
  }

  /** Settles when the job ends. Rejects with a `JobError` when it fails, with a `CancelledError` when it is cancelled. */
  get result(): Promise<JobExecutionResult> {
    return this.#execution.result;
  }

  /** How often the job was started again after failures, so far. */
  get restarts(): number {
    return this.#execution.restarts;
  }

  get checkpointStatistics(): CheckpointStatisticsSnapshot {
    return this.#execution.checkpoints;
  }

  /** The newest complete checkpoint that this run of the job has taken. */
  get latestCheckpoint(): CompletedCheckpoint | undefined {
    return this.#execution.latestCheckpoint;
  }

  /** Ends the job at once. Settles when it has ended, however. */
  cancel(): Promise<void> {
    return this.#execution.cancel();
  }

  /** Takes a checkpoint now. @throws CheckpointError (as a rejection) when it fails, or the job does not run. */
  async triggerCheckpoint(): Promise<CompletedCheckpoint> {
    return this.#execution.checkpoint();
  }

  /**
   * Takes a savepoint in Flink's canonical format.
   *
   * @param directory - which must not exist. Default: a new one below `execution.checkpointing.savepoint-dir`.
   * @returns where it is.
   * @throws CheckpointError (as a rejection) when it fails, or the job does not run. TypeError `ERR_INVALID_PATH` without a place.
   */
  async triggerSavepoint(directory?: string): Promise<string> {
    const place = this.#placeOf(directory);
    return this.#execution.savepoint((checkpointId) => begin(place, checkpointId));
  }

  /**
   * Ends the job with a savepoint: nothing is read after it, and what was written before it is committed.
   *
   * @returns where the savepoint is, when the job has ended.
   * @throws as {@link triggerSavepoint}. When the savepoint fails the job goes on as after any failure.
   */
  async stopWithSavepoint({ directory, drain = false }: StopOptions = {}): Promise<string> {
    const place = this.#placeOf(directory);
    return this.#execution.stopWithSavepoint((checkpointId) => begin(place, checkpointId), drain ? 'drain' : 'suspend');
  }

  #placeOf(directory: string | undefined): string {
    if (directory !== undefined) {
      return directory;
    }
    if (this.#savepointDirectory === undefined) {
      throw typeError(
        'ERR_INVALID_PATH',
        "A savepoint needs a directory: give one, or set 'execution.checkpointing.savepoint-dir'.",
      );
    }
    return join(this.#savepointDirectory, `savepoint-${randomUUID()}`);
  }
}

function begin(directory: string, checkpointId: number): Promise<SavepointWriter> {
  return Savepoint.begin(directory, { checkpointId });
}
