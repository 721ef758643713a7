// One run of a job, from the opening of its subtasks to their end or the first failure.

import { setMaxListeners } from 'node:events';
import type { CheckpointStorage, CompletedCheckpoint } from '../../api/checkpoint.ts';
import type { MetricGroup } from '../../api/metrics.ts';
import type { SavepointWriter } from '../../api/savepoint.ts';
import { CheckpointError } from '../../errors.ts';
import type { Executor, ExecutorListener, StopMode } from '../runtime/executor.ts';
import { type Deployment, TaskExecutor } from '../runtime/task-executor.ts';
import { WorkerExecutor } from '../workers/worker-executor.ts';
import type { JobWorkers } from '../workers/worker-protocol.ts';
import { CheckpointCoordinator } from './checkpoint-coordinator.ts';
import type { CheckpointSettings } from './checkpoint-settings.ts';
import type { CheckpointStatisticsTracker } from './checkpoint-statistics.ts';

/** What is to be run. */
export interface AttemptPlan extends Omit<Deployment, 'metricGroup'> {
  /** Where the metrics of jobs are. */
  readonly metrics: MetricGroup;
  /** Threads for the subtasks. Default: they run in this one. */
  readonly workers?: JobWorkers;
  /** The checkpoint of this run of the job that it goes on from. */
  readonly checkpoint: CompletedCheckpoint | undefined;
  readonly storage: CheckpointStorage;
  readonly settings: CheckpointSettings;
}

/** Who runs it. */
export interface AttemptParts {
  readonly statistics: CheckpointStatisticsTracker;
  readonly firstCheckpointId: number;
  /** Called with each complete checkpoint. */
  readonly completed: (checkpoint: CompletedCheckpoint) => void;
  /** Called when all subtasks are open. */
  readonly running: () => void;
}

export class JobAttempt {
  readonly coordinator: CheckpointCoordinator;
  readonly #plan: AttemptPlan;
  readonly #parts: AttemptParts;
  readonly #executor: Executor;
  readonly #metricGroup: MetricGroup;
  readonly #cancellation = new AbortController();
  #subtasksLeft: number;
  #allEnded!: () => void;
  #fail!: (error: unknown) => void;
  readonly #ended: Promise<void>;
  // Rejects with the first failure.
  readonly #failed: Promise<never>;
  #opening: Promise<void> = Promise.resolve();
  #stopping: Promise<string> | undefined;

  constructor(plan: AttemptPlan, parts: AttemptParts) {
    this.#plan = plan;
    this.#parts = parts;
    this.#subtasksLeft = plan.graph.tasks.reduce((sum, { parallelism }) => sum + parallelism, 0);
    this.#ended = new Promise((resolve) => {
      this.#allEnded = resolve;
    });
    this.#failed = new Promise((_, reject) => {
      this.#fail = reject;
    });
    this.#failed.catch(() => {});
    const signal = AbortSignal.any([plan.signal, this.#cancellation.signal]);
    setMaxListeners(0, signal);
    this.#metricGroup = plan.metrics.addGroup('job', plan.graph.name);
    this.#executor = executorOf(
      { ...plan, signal, metricGroup: this.#metricGroup },
      {
        acknowledged: (ack) => this.coordinator.acknowledged(ack),
        declined: (id, subtask, error) => this.coordinator.declined(id, subtask, error),
        reachedEnd: () => {
          if (--this.#subtasksLeft === 0) {
            this.#allEnded();
          }
        },
        failed: (_, error) => this.#fail(error),
      },
    );
    this.coordinator = new CheckpointCoordinator({
      ...{ graph: plan.graph, storage: plan.storage, settings: plan.settings, takers: this.#executor },
      ...{ firstCheckpointId: parts.firstCheckpointId, statistics: parts.statistics, completed: parts.completed },
      fail: (error) => this.#fail(error),
    });
  }

  /** Rejects with the first failure, or the reason of the signal. All is closed then. */
  async run(): Promise<void> {
    const { signal } = this.#plan;
    const cancel = () => this.#fail(signal.reason);
    signal.addEventListener('abort', cancel, { once: true });
    let failure: { readonly error: unknown } | undefined;
    try {
      signal.throwIfAborted();
      this.#opening = this.#executor.open();
      await Promise.race([this.#opening, this.#failed]);
      this.#parts.running();
      this.#executor.start();
      this.coordinator.start();
      await Promise.race([this.#ended, this.#failed]);
      await Promise.race([this.#finalCheckpoint(), this.#failed]);
    } catch (error) {
      failure = { error };
    }
    signal.removeEventListener('abort', cancel);
    await this.#close(failure);
  }

  /** Ends the sources with a savepoint, and the run after it. */
  async stopWithSavepoint(begin: (checkpointId: number) => Promise<SavepointWriter>, mode: StopMode): Promise<string> {
    if (this.#stopping !== undefined) {
      throw new CheckpointError(`Job '${this.#plan.graph.name}' is being stopped with a savepoint already.`);
    }
    const stopping = this.coordinator.savepoint(begin, mode);
    this.#stopping = stopping;
    try {
      const savepoint = await stopping;
      this.#allEnded();
      return savepoint;
    } finally {
      if (this.coordinator.finalSavepoint === undefined) {
        this.#stopping = undefined;
      }
    }
  }

  // So that what came after the last checkpoint is committed, too; a savepoint that the job is stopped with does that.
  async #finalCheckpoint(): Promise<void> {
    await this.coordinator.idle();
    if (this.coordinator.finalSavepoint === undefined && this.#plan.isCheckpointed) {
      await this.coordinator.finalCheckpoint();
    }
  }

  async #close(failure: { readonly error: unknown } | undefined): Promise<void> {
    const reason = failure?.error ?? new Error('The job has ended.');
    this.#cancellation.abort(reason);
    await this.#opening.catch(() => {});
    // Each may wait for what the other gives up.
    const closing = this.#executor.close();
    closing.catch(() => {});
    await this.coordinator.stop(reason);
    try {
      await closing;
    } catch (error) {
      // What went wrong first is to be told.
      throw failure === undefined ? error : failure.error;
    } finally {
      this.#metricGroup.close();
    }
    if (failure !== undefined) {
      throw failure.error;
    }
  }
}

function executorOf(plan: AttemptPlan & Deployment, listener: ExecutorListener): Executor {
  const { workers } = plan;
  return workers === undefined ? new TaskExecutor(plan, listener) : new WorkerExecutor({ ...plan, workers }, listener);
}
