// Checkpoints in the memory of the process: for tests and small state. They end with the process.
import { describe, rangeError } from '../errors.ts';
import type { CheckpointRetention } from './checkpoint-retention.ts';
import { CheckpointStore } from './checkpoint-store.ts';
import { MemoryFileStore } from './memory-file-store.ts';

const DEFAULT_MAX_STATE_BYTES = 5 * 1024 * 1024;

/** Keeps checkpoints in memory: they survive a failure of the program's state, but not the end of the process. */
export class JobManagerCheckpointStorage extends CheckpointStore {
  /** Largest file of a checkpoint, in bytes. */
  readonly maxStateSize: number;

  /**
   * @param maxStateSize - largest file that is taken, in bytes. Default 5 MiB.
   * @throws RangeError `ERR_INVALID_STATE_SIZE` for a size that is no positive integer.
   */
  constructor(maxStateSize: number = DEFAULT_MAX_STATE_BYTES, retention: CheckpointRetention = {}) {
    if (!Number.isSafeInteger(maxStateSize) || maxStateSize < 1) {
      throw rangeError(
        'ERR_INVALID_STATE_SIZE',
        `maxStateSize must be a positive number of bytes; received ${describe(maxStateSize)}.`,
      );
    }
    super(new MemoryFileStore(maxStateSize), retention);
    this.maxStateSize = maxStateSize;
  }
}
