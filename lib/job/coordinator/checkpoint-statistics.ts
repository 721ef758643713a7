// What a job tells of its checkpoints and savepoints.
import type { SnapshotAck, SubtaskId } from '../runtime/snapshot-ack.ts';

/** A subtask's part in a checkpoint. Times in milliseconds, sizes in bytes. */
export interface SubtaskCheckpointStatistics extends SubtaskId {
  /** From the trigger until the subtask had the checkpoint's barriers from all inputs. */
  readonly startDelayMs: number;
  /** While the subtask processed nothing. */
  readonly syncMs: number;
  /** While its state was stored in the background. */
  readonly asyncMs: number;
  readonly checkpointedSizeBytes: number;
  readonly stateSizeBytes: number;
}

/** A checkpoint or savepoint. */
export interface CheckpointStatistics {
  readonly checkpointId: number;
  readonly kind: 'checkpoint' | 'savepoint';
  readonly status: 'IN_PROGRESS' | 'COMPLETED' | 'FAILED';
  /** Milliseconds since 1970. */
  readonly triggeredMs: number;
  /** Until it was complete or had failed, or until now. */
  readonly durationMs: number;
  /** What was stored for this checkpoint: less than the state where it builds upon earlier ones. */
  readonly checkpointedSizeBytes: number;
  /** What a restore reads. */
  readonly stateSizeBytes: number;
  /** Of the subtasks that have done their part. */
  readonly subtasks: readonly SubtaskCheckpointStatistics[];
  /** Where a complete one is. */
  readonly location?: string;
  /** Why it failed. */
  readonly failure?: string;
}

/** All checkpoints of a job so far. */
export interface CheckpointStatisticsSnapshot {
  readonly counts: {
    readonly total: number;
    readonly inProgress: number;
    readonly completed: number;
    readonly failed: number;
    readonly restored: number;
  };
  /** The newest, oldest first. */
  readonly history: readonly CheckpointStatistics[];
  readonly latestCompleted?: CheckpointStatistics;
  readonly latestFailed?: CheckpointStatistics;
}

// As many as Flink's web interface shows (`web.checkpoints.history`).
const HISTORY = 10;

interface Tracked {
  readonly checkpointId: number;
  readonly kind: CheckpointStatistics['kind'];
  readonly triggeredMs: number;
  readonly subtasks: SubtaskCheckpointStatistics[];
  status: CheckpointStatistics['status'];
  endedMs: number | undefined;
  location: string | undefined;
  failure: string | undefined;
}

export class CheckpointStatisticsTracker {
  readonly #history: Tracked[] = [];
  #latestCompleted: Tracked | undefined;
  #latestFailed: Tracked | undefined;
  #total = 0;
  #completed = 0;
  #failed = 0;
  #restored = 0;

  triggered(checkpoint: Pick<Tracked, 'checkpointId' | 'kind' | 'triggeredMs'>): void {
    this.#total++;
    const { checkpointId, kind, triggeredMs } = checkpoint;
    const state = { status: 'IN_PROGRESS', endedMs: undefined, location: undefined, failure: undefined } as const;
    this.#history.push({ checkpointId, kind, triggeredMs, subtasks: [], ...state });
    if (this.#history.length > HISTORY) {
      this.#history.shift();
    }
  }

  acknowledged(ack: SnapshotAck): void {
    const { subtask, startDelayMs, syncMs, asyncMs, checkpointedSizeBytes, stateSizeBytes } = ack;
    const times = { startDelayMs, syncMs, asyncMs };
    this.#find(ack.checkpointId)?.subtasks.push({ ...subtask, ...times, checkpointedSizeBytes, stateSizeBytes });
  }

  completed(checkpointId: number, location: string): void {
    this.#completed++;
    const tracked = this.#end(checkpointId, 'COMPLETED');
    if (tracked !== undefined) {
      tracked.location = location;
      this.#latestCompleted = tracked;
    }
  }

  failed(checkpointId: number, error: unknown): void {
    this.#failed++;
    const tracked = this.#end(checkpointId, 'FAILED');
    if (tracked !== undefined) {
      tracked.failure = error instanceof Error ? error.message : String(error);
      this.#latestFailed = tracked;
    }
  }

  restored(): void {
    this.#restored++;
  }

  snapshot(): CheckpointStatisticsSnapshot {
    const counts = { total: this.#total, completed: this.#completed, failed: this.#failed, restored: this.#restored };
    return {
      counts: { ...counts, inProgress: this.#total - this.#completed - this.#failed },
      history: this.#history.map(statisticsOf),
      ...(this.#latestCompleted && { latestCompleted: statisticsOf(this.#latestCompleted) }),
      ...(this.#latestFailed && { latestFailed: statisticsOf(this.#latestFailed) }),
    };
  }

  #find(checkpointId: number): Tracked | undefined {
    return this.#history.findLast((tracked) => tracked.checkpointId === checkpointId);
  }

  #end(checkpointId: number, status: Tracked['status']): Tracked | undefined {
    const tracked = this.#find(checkpointId);
    if (tracked !== undefined) {
      tracked.status = status;
      tracked.endedMs = Date.now();
    }
    return tracked;
  }
}

function statisticsOf(tracked: Tracked): CheckpointStatistics {
  const { checkpointId, kind, status, triggeredMs, subtasks, endedMs, location, failure } = tracked;
  return {
    ...{ checkpointId, kind, status, triggeredMs, subtasks: [...subtasks] },
    durationMs: (endedMs ?? Date.now()) - triggeredMs,
    checkpointedSizeBytes: subtasks.reduce((sum, subtask) => sum + subtask.checkpointedSizeBytes, 0),
    stateSizeBytes: subtasks.reduce((sum, subtask) => sum + subtask.stateSizeBytes, 0),
    ...(location !== undefined && { location }),
    ...(failure !== undefined && { failure }),
  };
}
