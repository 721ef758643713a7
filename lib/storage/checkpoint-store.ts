// Checkpoints on a store of files. One storage at a time writes to a store: what it has not heard of counts as left by a
// crash when it begins its first checkpoint.
import type {
  CheckpointStorage,
  CheckpointWriter,
  CompletedCheckpoint,
  KeyedStateHandle,
  StoredFile,
} from '../api/checkpoint.ts';
import { RestoreError } from '../errors.ts';
import { CheckpointLifecycle } from './checkpoint-lifecycle.ts';
import { type CheckpointRetention, checkRetention } from './checkpoint-retention.ts';
import { CompleteCheckpoints, type DamagedFile } from './complete-checkpoints.ts';
import type { FileStore } from './file-store.ts';
import type { Garbage } from './garbage.ts';

export abstract class CheckpointStore implements CheckpointStorage {
  readonly #complete: CompleteCheckpoints;
  readonly #lifecycle: CheckpointLifecycle;

  /** @throws RangeError `ERR_INVALID_RETENTION`. */
  constructor(files: FileStore, retention: CheckpointRetention) {
    checkRetention(retention);
    this.#complete = new CompleteCheckpoints(files);
    this.#lifecycle = new CheckpointLifecycle(files, this.#complete, retention);
  }

  /** Ids of the complete checkpoints, oldest first. */
  list(): Promise<number[]> {
    return this.#complete.list();
  }

  /**
   * A checkpoint with the handles of all its backends.
   *
   * @throws RestoreError when it is missing, incomplete or damaged; the message names the newest complete one before it.
   */
  openCheckpoint(checkpointId: number): Promise<CompletedCheckpoint> {
    return this.#complete.open(checkpointId);
  }

  /** The newest complete checkpoint; `undefined` when there is none. */
  async latestCheckpoint(): Promise<CompletedCheckpoint | undefined> {
    const newest = (await this.list()).at(-1);
    return newest === undefined ? undefined : this.openCheckpoint(newest);
  }

  /** The handle of a checkpoint that one backend took. @throws RestoreError as {@link openCheckpoint}, or for several. */
  async open(checkpointId: number): Promise<KeyedStateHandle> {
    const { handles, location } = await this.openCheckpoint(checkpointId);
    const [handle, ...others] = handles;
    if (handle === undefined || others.length > 0) {
      throw new RestoreError(
        `Checkpoint ${checkpointId} at ${location} has the handles of ${handles.length} backends; ` +
          'openCheckpoint gives them all.',
      );
    }
    return handle;
  }

  /** The handle of the newest complete checkpoint; `undefined` when there is none. */
  async latest(): Promise<KeyedStateHandle | undefined> {
    const newest = (await this.list()).at(-1);
    return newest === undefined ? undefined : this.open(newest);
  }

  begin(checkpointId: number): Promise<CheckpointWriter> {
    return this.#lifecycle.begin(checkpointId);
  }

  download(handle: KeyedStateHandle, file: StoredFile, localPath: string, signal?: AbortSignal): Promise<void> {
    return this.#complete.download({ handle, file, localPath, signal });
  }

  /**
   * Deletes a checkpoint, its metadata first, so that it never counts with files missing, and the shared files that no other
   * checkpoint needs. Nothing happens when there is no such checkpoint.
   *
   * @throws CheckpointError when it is under way.
   */
  discard(checkpointId: number): Promise<void> {
    return this.#lifecycle.discard(checkpointId);
  }

  /** Keeps a checkpoint until it is discarded by name: it does not count as one of those to retain. */
  protect(checkpointId: number): Promise<void> {
    return this.#lifecycle.protect(checkpointId);
  }

  /**
   * Reads every file of a checkpoint and compares sizes and checksums.
   *
   * @returns the files that are missing or damaged; none when the checkpoint can be restored.
   * @throws RestoreError when its metadata is missing or damaged.
   */
  verify(checkpointId: number): Promise<DamagedFile[]> {
    return this.#complete.verify(checkpointId);
  }

  /**
   * Finds, and removes unless `dryRun`, what crashes have left: files of checkpoints that were never completed or are half
   * deleted, and unfinished uploads, where the storage has such. No other process may write to the storage meanwhile.
   *
   * @throws RestoreError when the metadata of a complete checkpoint is damaged, as nobody knows then which files it needs.
   */
  collectGarbage({ dryRun = false }: { readonly dryRun?: boolean } = {}): Promise<Garbage> {
    return dryRun ? this.#lifecycle.findGarbage() : this.#lifecycle.collectGarbage();
  }
}
