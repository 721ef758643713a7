// When a job takes checkpoints, and what becomes of them.
import type { ReadableConfig } from '../../config/configuration.ts';
import { CheckpointingOptions } from '../../options/checkpointing-options.ts';

export interface CheckpointSettings {
  /** From one to the next; `undefined` for none but those that are asked for. */
  readonly intervalMs: number | undefined;
  /** From the end of one to the beginning of the next, at least. */
  readonly minPauseMs: number;
  readonly timeoutMs: number;
  /** So many in a row may fail before the job does. */
  readonly tolerableFailures: number;
  readonly isExactlyOnce: boolean;
  /** How jobs leave checkpoints behind. */
  readonly retention: 'DELETE_ON_CANCELLATION' | 'RETAIN_ON_CANCELLATION' | 'NO_EXTERNALIZED_CHECKPOINTS';
}

export function checkpointSettings(config: ReadableConfig): CheckpointSettings {
  const intervalMs = config.get(CheckpointingOptions.CHECKPOINTING_INTERVAL);
  return {
    intervalMs: intervalMs === undefined || intervalMs <= 0 ? undefined : intervalMs,
    minPauseMs: config.get(CheckpointingOptions.MIN_PAUSE_BETWEEN_CHECKPOINTS),
    timeoutMs: config.get(CheckpointingOptions.CHECKPOINTING_TIMEOUT),
    tolerableFailures: config.get(CheckpointingOptions.TOLERABLE_FAILURE_NUMBER),
    isExactlyOnce: config.get(CheckpointingOptions.CHECKPOINTING_CONSISTENCY_MODE) === 'EXACTLY_ONCE',
    retention: config.get(CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION),
  };
}

/** Whether the checkpoints of a job that has ended so are kept. As Flink: those of a finished job never are. */
export function keepsCheckpoints(
  retention: CheckpointSettings['retention'],
  end: 'FINISHED' | 'CANCELED' | 'FAILED',
): boolean {
  switch (end) {
    case 'FINISHED':
      return false;
    case 'FAILED':
      return retention !== 'NO_EXTERNALIZED_CHECKPOINTS';
    case 'CANCELED':
      return retention === 'RETAIN_ON_CANCELLATION';
  }
}
