// Takes the checkpoints and savepoints of a running job, one at a time: from time to time, and when asked.
import { setTimeout as wait } from 'node:timers/promises';
import type { CheckpointStorage, CompletedCheckpoint } from '../../api/checkpoint.ts';
import type { SavepointWriter } from '../../api/savepoint.ts';
import { CheckpointError } from '../../errors.ts';
import type { JobGraph } from '../graph/job-graph.ts';
import type { SnapshotTakers, SnapshotTarget, StopMode } from '../runtime/executor.ts';
import type { SnapshotAck, SubtaskId } from '../runtime/snapshot-ack.ts';
import type { CheckpointSettings } from './checkpoint-settings.ts';
import type { CheckpointStatisticsTracker } from './checkpoint-statistics.ts';
import { encodeJobCheckpoint, type OperatorOfJob } from './job-checkpoint.ts';
import { PendingSnapshot } from './pending-snapshot.ts';

export interface CoordinatorParts {
  readonly graph: JobGraph;
  readonly takers: SnapshotTakers;
  readonly storage: CheckpointStorage;
  readonly settings: CheckpointSettings;
  /** The next checkpoint has it. */
  readonly firstCheckpointId: number;
  readonly statistics: CheckpointStatisticsTracker;
  /** Called when the job can't go on. */
  readonly fail: (error: unknown) => void;
  /** Called with each complete checkpoint. */
  readonly completed: (checkpoint: CompletedCheckpoint) => void;
}

export class CheckpointCoordinator {
  readonly #parts: CoordinatorParts;
  #nextId: number;
  #pending: PendingSnapshot | undefined;
  // What was asked for last: each waits for the one before.
  #last: Promise<unknown> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;
  #isPeriodic = true;
  // Of what is under way.
  #timeout: NodeJS.Timeout | undefined;
  #failuresInARow = 0;
  #stopped: { readonly reason: unknown } | undefined;
  #finalSavepoint: string | undefined;
  // Ends waits between checkpoints.
  readonly #end = new AbortController();

  constructor(parts: CoordinatorParts) {
    this.#parts = parts;
    this.#nextId = parts.firstCheckpointId;
  }

  get nextCheckpointId(): number {
    return this.#nextId;
  }

  /** The complete savepoint that the job is stopped with. */
  get finalSavepoint(): string | undefined {
    return this.#finalSavepoint;
  }

  /** Begins to take checkpoints from time to time, if settings say so. */
  start(): void {
    const { intervalMs } = this.#parts.settings;
    if (intervalMs !== undefined) {
      this.#schedule(intervalMs);
    }
  }

  /** @throws CheckpointError (as a rejection) when it can't be taken or stored; nothing is left behind then. */
  checkpoint(): Promise<CompletedCheckpoint> {
    return this.#inTurn(() => this.#takeCheckpoint());
  }

  /** The last one of a job whose input has ended: as often as failures are tolerated. Rejects when they are not any more. */
  async finalCheckpoint(): Promise<void> {
    const { intervalMs, minPauseMs } = this.#parts.settings;
    while (!(await this.#countedCheckpoint())) {
      await wait(Math.max(intervalMs ?? 0, minPauseMs), undefined, { signal: this.#end.signal });
    }
  }

  /**
   * Takes a savepoint with a writer of the caller, which is completed, or aborted.
   *
   * @param stop - ends the sources with it.
   */
  savepoint(begin: (checkpointId: number) => Promise<SavepointWriter>, stop?: StopMode): Promise<string> {
    return this.#inTurn(() => this.#takeSavepoint(begin, stop));
  }

  acknowledged(ack: SnapshotAck): void {
    if (this.#pending?.checkpointId === ack.checkpointId) {
      this.#parts.statistics.acknowledged(ack);
      this.#pending.acknowledge(ack);
    }
  }

  declined(checkpointId: number, subtask: SubtaskId, error: unknown): void {
    if (this.#pending?.checkpointId === checkpointId) {
      const { name } = this.#parts.graph.tasks[subtask.task] as JobGraph['tasks'][number];
      const reason = error instanceof Error ? error.message : String(error);
      const message = `Subtask ${subtask.index + 1} of '${name}' could not store its state: ${reason}`;
      this.#pending.giveUp(new CheckpointError(message, { cause: error }));
    }
  }

  /** Begins nothing any more but what is asked for; settles when nothing is under way. */
  async idle(): Promise<void> {
    this.#isPeriodic = false;
    clearTimeout(this.#timer);
    await this.#last.catch(() => {});
  }

  /** Gives up what is under way, and takes nothing any more. */
  async stop(reason: unknown): Promise<void> {
    this.#stopped ??= { reason };
    this.#end.abort(reason);
    clearTimeout(this.#timer);
    this.#pending?.giveUp(reason);
    await this.#last.catch(() => {});
  }

  #inTurn<T>(take: () => Promise<T>): Promise<T> {
    const taken = this.#last
      .catch(() => {})
      .then(() => {
        if (this.#stopped !== undefined) {
          throw new CheckpointError('The job does not run any more.', { cause: this.#stopped.reason });
        }
        return take();
      });
    this.#last = taken;
    taken.catch(() => {});
    return taken;
  }

  // From the beginning of one to that of the next; but a pause after its end.
  #schedule(delayMs: number): void {
    const { intervalMs = 0, minPauseMs } = this.#parts.settings;
    this.#timer = setTimeout(async () => {
      const startMs = performance.now();
      await this.#countedCheckpoint().catch(() => {});
      if (this.#stopped === undefined && this.#isPeriodic) {
        this.#schedule(Math.max(intervalMs - (performance.now() - startMs), minPauseMs));
      }
    }, delayMs);
  }

  // Answers whether it is complete; rejects when the job fails, or is not to go on.
  async #countedCheckpoint(): Promise<boolean> {
    try {
      await this.checkpoint();
      this.#failuresInARow = 0;
      return true;
    } catch (error) {
      this.#failuresInARow++;
      if (this.#stopped !== undefined) {
        throw error;
      }
      if (this.#failuresInARow > this.#parts.settings.tolerableFailures) {
        const message = `${this.#failuresInARow} checkpoints have failed in a row, the last one as follows. `;
        const reason = error instanceof Error ? error.message : String(error);
        const failure = new CheckpointError(message + reason, { cause: error });
        this.#parts.fail(failure);
        throw failure;
      }
      return false;
    }
  }

  async #takeCheckpoint(): Promise<CompletedCheckpoint> {
    const { completed, statistics, storage, takers } = this.#parts;
    const checkpointId = this.#nextId++;
    const abort = new AbortController();
    statistics.triggered({ checkpointId, kind: 'checkpoint', triggeredMs: Date.now() });
    let checkpoint: CompletedCheckpoint;
    const pending = this.#pend(checkpointId);
    try {
      const writer = await pending.begun(storage.begin(checkpointId), (begun) => begun.abort());
      try {
        const target = { kind: 'checkpoint', writer, signal: abort.signal } as const;
        const acks = await this.#acksOf(pending, target, undefined);
        const handles = acks.flatMap(({ handle }) => handle ?? []);
        const { name, tasks } = this.#parts.graph;
        const operators = tasks.flatMap((task) => operatorsOf(task, acks));
        checkpoint = await writer.complete(handles, encodeJobCheckpoint({ job: { name }, operators }));
      } catch (error) {
        abort.abort(error);
        takers.abortCheckpoint(checkpointId);
        // What can't be removed is garbage: what went wrong first is to be told.
        await (async () => writer.abort())().catch(() => {});
        throw error;
      }
    } catch (error) {
      statistics.failed(checkpointId, error);
      throw asCheckpointError(error, checkpointId);
    } finally {
      this.#settle(pending);
    }
    statistics.completed(checkpointId, checkpoint.location);
    completed(checkpoint);
    await this.#complete(checkpointId, false);
    return checkpoint;
  }

  async #takeSavepoint(
    begin: (checkpointId: number) => Promise<SavepointWriter>,
    stop: StopMode | undefined,
  ): Promise<string> {
    const { fail, statistics, takers } = this.#parts;
    const checkpointId = this.#nextId++;
    const abort = new AbortController();
    const writer = await begin(checkpointId);
    statistics.triggered({ checkpointId, kind: 'savepoint', triggeredMs: Date.now() });
    const pending = this.#pend(checkpointId);
    try {
      await this.#acksOf(pending, { kind: 'savepoint', writer, signal: abort.signal }, stop);
      await writer.complete();
    } catch (error) {
      abort.abort(error);
      takers.abortCheckpoint(checkpointId);
      await (async () => writer.abort())().catch(() => {});
      statistics.failed(checkpointId, error);
      const failure = asCheckpointError(error, checkpointId);
      if (stop !== undefined) {
        // Its sources have stopped.
        fail(failure);
      }
      throw failure;
    } finally {
      this.#settle(pending);
    }
    statistics.completed(checkpointId, writer.directory);
    // A savepoint belongs to whoever asked for it. Only when the job ends with it, nothing else commits what came before.
    if (stop !== undefined) {
      this.#finalSavepoint = writer.directory;
      await this.#complete(checkpointId, true);
    } else {
      takers.forgetSnapshot(checkpointId);
    }
    return writer.directory;
  }

  #pend(checkpointId: number): PendingSnapshot {
    const { graph, settings } = this.#parts;
    const subtasks = graph.tasks.reduce((sum, { parallelism }) => sum + parallelism, 0);
    const pending = new PendingSnapshot(checkpointId, subtasks);
    this.#pending = pending;
    this.#timeout = setTimeout(() => pending.expire(settings.timeoutMs), settings.timeoutMs);
    return pending;
  }

  #settle(pending: PendingSnapshot): void {
    if (this.#pending === pending) {
      this.#pending = undefined;
      clearTimeout(this.#timeout);
    }
  }

  async #acksOf(
    pending: PendingSnapshot,
    target: SnapshotTarget,
    stop: StopMode | undefined,
  ): Promise<readonly SnapshotAck[]> {
    if (this.#stopped !== undefined) {
      throw this.#stopped.reason;
    }
    const { checkpointId } = pending;
    const barrier = { checkpointId, kind: target.kind, triggeredMs: Date.now() };
    await this.#parts.takers.trigger(barrier, target, stop);
    return pending.acknowledged;
  }

  // The checkpoint is complete, whatever operators make of it; but what they could not commit, they must try again.
  async #complete(checkpointId: number, isSavepoint: boolean): Promise<void> {
    try {
      await this.#parts.takers.completeCheckpoint(checkpointId, isSavepoint);
    } catch (error) {
      this.#parts.fail(error);
      throw error;
    }
  }
}

function operatorsOf(task: JobGraph['tasks'][number], acks: readonly SnapshotAck[]): OperatorOfJob[] {
  const { head, index, maxParallelism, operators, parallelism } = task;
  const ofTask = acks
    .filter(({ subtask }) => subtask.task === index)
    .toSorted((a, b) => a.subtask.index - b.subtask.index);
  return operators.map(({ node, uid }) => ({
    ...{ uid, name: node.name, parallelism, maxParallelism },
    subtasks: ofTask.map((ack) => {
      const operatorState = ack.operators.find((operator) => operator.uid === uid)?.state;
      const backendId = uid === head.uid ? ack.handle?.backendId : undefined;
      return { ...(backendId && { backendId }), ...(operatorState && { operatorState }) };
    }),
  }));
}

function asCheckpointError(error: unknown, checkpointId: number): CheckpointError {
  return error instanceof CheckpointError
    ? error
    : new CheckpointError(`Checkpoint ${checkpointId} failed: ${error instanceof Error ? error.message : error}`, {
        cause: error,
      });
}
