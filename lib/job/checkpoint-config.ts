// When a job takes checkpoints and where they go, as a program sets it.
import type { CheckpointStorage } from '../api/checkpoint.ts';
import type { Configuration } from '../config/configuration.ts';
import { describe, typeError } from '../errors.ts';
import { CheckpointingOptions } from '../options/checkpointing-options.ts';
import { type DurationLike, durationMs } from './watermarks/watermark-strategy.ts';

/** As Flink's `CheckpointingMode`: whether records after a checkpoint's barrier wait for those before it. */
export type CheckpointingMode = 'EXACTLY_ONCE' | 'AT_LEAST_ONCE';

/** What becomes of checkpoints when a job ends. Those of a finished job are always deleted. */
export type ExternalizedCheckpointRetention =
  | 'DELETE_ON_CANCELLATION'
  | 'RETAIN_ON_CANCELLATION'
  | 'NO_EXTERNALIZED_CHECKPOINTS';

/** The checkpoints of an environment's jobs. Each setting is an option of the configuration as well. */
export class CheckpointConfig {
  readonly #config: Configuration;
  #storage: CheckpointStorage | undefined;

  constructor(config: Configuration) {
    this.#config = config;
  }

  /** Where checkpoints go: a storage, or the path or URI of a directory, such as `file:///checkpoints`. */
  setCheckpointStorage(storage: CheckpointStorage | string): this {
    if (typeof storage === 'string') {
      this.#config.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, storage);
      this.#storage = undefined;
    } else if (typeof storage?.begin === 'function') {
      this.#storage = storage;
    } else {
      throw typeError(
        'ERR_INVALID_STORAGE',
        `A checkpoint storage or a directory is needed; received ${describe(storage)}.`,
      );
    }
    return this;
  }

  getCheckpointStorage(): CheckpointStorage | undefined {
    return this.#storage;
  }

  /** From one checkpoint to the next. */
  setCheckpointInterval(interval: DurationLike): this {
    this.#config.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, durationMs(interval, 'interval'));
    return this;
  }

  setCheckpointingMode(mode: CheckpointingMode): this {
    this.#config.set(CheckpointingOptions.CHECKPOINTING_CONSISTENCY_MODE, mode);
    return this;
  }

  /** From the end of one checkpoint to the beginning of the next, at least. */
  setMinPauseBetweenCheckpoints(pause: DurationLike): this {
    this.#config.set(CheckpointingOptions.MIN_PAUSE_BETWEEN_CHECKPOINTS, durationMs(pause, 'pause'));
    return this;
  }

  /** A checkpoint that takes longer is given up. */
  setCheckpointTimeout(timeout: DurationLike): this {
    this.#config.set(CheckpointingOptions.CHECKPOINTING_TIMEOUT, durationMs(timeout, 'timeout'));
    return this;
  }

  /** So many checkpoints in a row may fail before the job does. */
  setTolerableCheckpointFailureNumber(count: number): this {
    this.#config.set(CheckpointingOptions.TOLERABLE_FAILURE_NUMBER, count);
    return this;
  }

  setExternalizedCheckpointRetention(retention: ExternalizedCheckpointRetention): this {
    this.#config.set(CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION, retention);
    return this;
  }
}
