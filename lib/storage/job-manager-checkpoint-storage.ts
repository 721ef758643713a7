// Checkpoints in the memory of the process: for tests and small state. They end with the process.
import { readFile, writeFile } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import type { CheckpointStorage, CheckpointWriter, KeyedStateHandle, StoredFile } from '../api/checkpoint.ts';
import { CheckpointError, describe, RestoreError, rangeError } from '../errors.ts';

const DEFAULT_MAX_STATE_BYTES = 5 * 1024 * 1024;

interface StoredCheckpoint {
  readonly handle: KeyedStateHandle;
  readonly contents: ReadonlyMap<string, Buffer>;
}

/** Keeps checkpoints in memory: they survive a failure of the program's state, but not the end of the process. */
export class JobManagerCheckpointStorage implements CheckpointStorage {
  /** Largest file of a checkpoint, in bytes. */
  readonly maxStateSize: number;
  readonly #checkpoints = new Map<number, StoredCheckpoint>();

  /**
   * @param maxStateSize - largest file that is taken, in bytes. Default 5 MiB.
   * @throws RangeError `ERR_INVALID_STATE_SIZE` for a size that is no positive integer.
   */
  constructor(maxStateSize: number = DEFAULT_MAX_STATE_BYTES) {
    if (!Number.isSafeInteger(maxStateSize) || maxStateSize < 1) {
      throw rangeError(
        'ERR_INVALID_STATE_SIZE',
        `maxStateSize must be a positive number of bytes; received ${describe(maxStateSize)}.`,
      );
    }
    this.maxStateSize = maxStateSize;
  }

  /** Ids of the complete checkpoints, oldest first. */
  async list(): Promise<number[]> {
    return [...this.#checkpoints.keys()].sort((a, b) => a - b);
  }

  /** The handle of a checkpoint. @throws RestoreError when there is none. */
  async open(checkpointId: number): Promise<KeyedStateHandle> {
    return this.#find(checkpointId).handle;
  }

  /** The handle of the newest complete checkpoint; `undefined` when there is none. */
  async latest(): Promise<KeyedStateHandle | undefined> {
    const newest = (await this.list()).at(-1);
    return newest === undefined ? undefined : this.open(newest);
  }

  /** Forgets a checkpoint. */
  async discard(checkpointId: number): Promise<void> {
    this.#checkpoints.delete(checkpointId);
  }

  async begin(checkpointId: number): Promise<CheckpointWriter> {
    if (this.#checkpoints.has(checkpointId)) {
      throw new CheckpointError(`Checkpoint ${checkpointId} exists already in memory; ids must increase.`);
    }
    const contents = new Map<string, Buffer>();
    return {
      upload: async (localPath, name) => {
        const bytes = await readFile(localPath);
        if (bytes.length > this.maxStateSize) {
          throw new CheckpointError(
            `File ${name} of ${bytes.length} bytes is larger than the ${this.maxStateSize} bytes that this storage keeps in ` +
              'memory. A FileSystemCheckpointStorage has no such limit.',
          );
        }
        contents.set(name, bytes);
        return { name, sizeBytes: bytes.length, crc32: crc32(bytes) };
      },
      complete: async (description) => {
        const handle = { ...description, location: `memory:chk-${checkpointId}` };
        this.#checkpoints.set(checkpointId, { handle, contents });
        return handle;
      },
      abort: async () => contents.clear(),
    };
  }

  async download(handle: KeyedStateHandle, file: StoredFile, localPath: string): Promise<void> {
    const bytes = this.#find(handle.checkpointId).contents.get(file.name);
    if (bytes === undefined) {
      throw new RestoreError(`File ${file.name} of checkpoint ${handle.checkpointId} is not in memory.`);
    }
    await writeFile(localPath, bytes);
  }

  #find(checkpointId: number): StoredCheckpoint {
    const stored = this.#checkpoints.get(checkpointId);
    if (stored === undefined) {
      throw new RestoreError(
        `There is no checkpoint ${checkpointId} in memory; it ends with the process that took it.`,
      );
    }
    return stored;
  }
}
