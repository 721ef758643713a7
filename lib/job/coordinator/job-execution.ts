// A job from its start to its end: attempts to run it, and after a failure, by its restart strategy, another one from the
// newest checkpoint.

import { setTimeout as wait } from 'node:timers/promises';
import type { CompletedCheckpoint } from '../../api/checkpoint.ts';
import type { SavepointWriter } from '../../api/savepoint.ts';
import { CancelledError, CheckpointError, JobError } from '../../errors.ts';
import type { StopMode } from '../runtime/executor.ts';
import { keepsCheckpoints } from './checkpoint-settings.ts';
import { type CheckpointStatisticsSnapshot, CheckpointStatisticsTracker } from './checkpoint-statistics.ts';
import { type AttemptPlan, JobAttempt } from './job-attempt.ts';
import type { JobExecutionResult, JobStatus } from './job-status.ts';
import type { RestartStrategy } from './restart-strategy.ts';
import { restoredFromCheckpoint } from './restored-checkpoint.ts';
import type { RestoredJob } from './restored-job.ts';

/** What an execution needs to know. */
export interface JobPlan extends Omit<AttemptPlan, 'attemptNumber' | 'restored' | 'signal' | 'checkpoint'> {
  readonly restartStrategy: RestartStrategy;
  /** State to begin with. */
  readonly restored: RestoredJob | undefined;
  /** The first checkpoint has it. */
  readonly firstCheckpointId: number;
}

export class JobExecution {
  readonly #plan: JobPlan;
  readonly #statistics = new CheckpointStatisticsTracker();
  readonly #cancellation = new AbortController();
  // Those that were taken by this execution.
  readonly #checkpointIds: number[] = [];
  #status: JobStatus = 'INITIALIZING';
  #attempt: JobAttempt | undefined;
  #latest: CompletedCheckpoint | undefined;
  #nextCheckpointId: number;
  #restarts = 0;
  #savepoint: string | undefined;
  /** Settles with the job. Rejects with a `JobError` when it has failed, a `CancelledError` when it was cancelled. */
  readonly result: Promise<JobExecutionResult>;

  constructor(plan: JobPlan) {
    this.#plan = plan;
    this.#nextCheckpointId = plan.firstCheckpointId;
    this.result = this.#run();
    this.result.catch(() => {});
  }

  get status(): JobStatus {
    return this.#status;
  }

  get restarts(): number {
    return this.#restarts;
  }

  get checkpoints(): CheckpointStatisticsSnapshot {
    return this.#statistics.snapshot();
  }

  /** The newest complete checkpoint of this execution. */
  get latestCheckpoint(): CompletedCheckpoint | undefined {
    return this.#latest;
  }

  async cancel(): Promise<void> {
    if (!this.#hasEnded) {
      this.#status = 'CANCELLING';
    }
    this.#cancellation.abort(new CancelledError(`Job '${this.#plan.graph.name}'`, 'the program asked for it'));
    await this.result.catch(() => {});
  }

  checkpoint(): Promise<CompletedCheckpoint> {
    return this.#running().coordinator.checkpoint();
  }

  savepoint(begin: (checkpointId: number) => Promise<SavepointWriter>): Promise<string> {
    return this.#running().coordinator.savepoint(begin);
  }

  async stopWithSavepoint(begin: (checkpointId: number) => Promise<SavepointWriter>, mode: StopMode): Promise<string> {
    const savepoint = await this.#running().stopWithSavepoint(begin, mode);
    await this.result;
    return savepoint;
  }

  #running(): JobAttempt {
    if (this.#status !== 'RUNNING' || this.#attempt === undefined) {
      throw new CheckpointError(
        `Job '${this.#plan.graph.name}' is ${this.#status}; only a running job has its state saved.`,
      );
    }
    return this.#attempt;
  }

  async #run(): Promise<JobExecutionResult> {
    const { graph, restartStrategy } = this.#plan;
    const startMs = performance.now();
    await this.#plan.restored?.protectUnclaimed();
    const backoff = restartStrategy.start();
    for (;;) {
      try {
        await this.#runOnce();
        await this.#end('FINISHED');
        return {
          jobName: graph.name,
          netRuntimeMs: performance.now() - startMs,
          restarts: this.#restarts,
          ...(this.#savepoint !== undefined && { savepoint: this.#savepoint }),
        };
      } catch (error) {
        const delayMs = this.#isOver ? undefined : backoff.afterFailure(Date.now());
        if (delayMs !== undefined) {
          this.#status = 'RESTARTING';
          this.#restarts++;
          await wait(delayMs, undefined, { signal: this.#cancellation.signal }).catch(() => {});
        }
        if (this.#isCancelled) {
          await this.#end('CANCELED');
          throw this.#cancellation.signal.reason;
        }
        if (delayMs === undefined) {
          await this.#end('FAILED');
          throw new JobError(graph.name, this.#savepoint === undefined ? error : failedBehind(this.#savepoint, error));
        }
      }
    }
  }

  get #isCancelled(): boolean {
    return this.#cancellation.signal.aborted;
  }

  // Behind the savepoint that the job is stopped with, nothing is to be done again: whoever goes on does so from there.
  get #isOver(): boolean {
    return this.#isCancelled || this.#savepoint !== undefined;
  }

  get #hasEnded(): boolean {
    return this.#status === 'FINISHED' || this.#status === 'CANCELED' || this.#status === 'FAILED';
  }

  async #runOnce(): Promise<void> {
    const { storage } = this.#plan;
    const restored =
      this.#latest === undefined ? this.#plan.restored : restoredFromCheckpoint(this.#latest, { storage });
    if (restored !== undefined) {
      this.#statistics.restored();
    }
    const { signal } = this.#cancellation;
    const attempt = new JobAttempt(
      { ...this.#plan, restored, checkpoint: this.#latest, signal, attemptNumber: this.#restarts },
      {
        ...{ statistics: this.#statistics, firstCheckpointId: this.#nextCheckpointId },
        completed: (checkpoint) => {
          this.#latest = checkpoint;
          this.#checkpointIds.push(checkpoint.checkpointId);
        },
        running: () => {
          this.#status = this.#isCancelled ? 'CANCELLING' : 'RUNNING';
        },
      },
    );
    this.#attempt = attempt;
    try {
      await attempt.run();
    } finally {
      this.#savepoint = attempt.coordinator.finalSavepoint;
      this.#nextCheckpointId = attempt.coordinator.nextCheckpointId;
      this.#attempt = undefined;
    }
  }

  // Checkpoints that nobody is to go on from are deleted; what can't be is left.
  async #end(status: 'FINISHED' | 'CANCELED' | 'FAILED'): Promise<void> {
    const { settings, storage } = this.#plan;
    if (!keepsCheckpoints(settings.retention, status)) {
      // Most have been subsumed by later ones.
      const stored = new Set((await storage.list?.().catch(() => undefined)) ?? this.#checkpointIds);
      for (const checkpointId of this.#checkpointIds.filter((id) => stored.has(id))) {
        await storage.discard?.(checkpointId).catch(() => {});
      }
    }
    this.#status = status;
  }
}

function failedBehind(savepoint: string, error: unknown): CheckpointError {
  const reason = error instanceof Error ? error.message : String(error);
  return new CheckpointError(
    `after its last savepoint, ${savepoint}, which is complete: go on from there. What failed was: ${reason}`,
    { cause: error },
  );
}
