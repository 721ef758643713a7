// Checkpoints on a store of files:
//
//   chk-<id>/[<backend>/]000012.sst …   files of one checkpoint; those of a single backend are directly in it
//   chk-<id>/_metadata                  written last: it makes the checkpoint complete
//   shared/<uuid>-000007.sst …          files that several checkpoints may use
//
// One storage at a time writes to a directory: what it has not heard of counts as left by a crash when it begins its first
// checkpoint.
import type {
  CheckpointStorage,
  CheckpointWriter,
  CompletedCheckpoint,
  KeyedStateHandle,
  StoredFile,
} from '../api/checkpoint.ts';
import { CheckpointError, describe, RestoreError, rangeError } from '../errors.ts';
import { difference } from './checked-copy.ts';
import { CheckpointInProgress } from './checkpoint-in-progress.ts';
import type { FileStore } from './file-store.ts';
import { writeInline } from './inline-file.ts';
import { decodeMetadata, METADATA_FILE } from './metadata-file.ts';
import { SharedStateRegistry } from './shared-state-registry.ts';

/** Directory of files that several checkpoints may use. */
export const SHARED_DIRECTORY = 'shared';

/** Marks a checkpoint that retention must not delete. */
const PROTECTED_FILE = '_protected';

const DIRECTORY_PATTERN = /^chk-(0|[1-9]\d{0,15})$/;

/** How checkpoints are kept. */
export interface CheckpointRetention {
  /**
   * Complete checkpoints to keep; older ones are discarded when a new one is complete. Default: all, until `discard`.
   */
  readonly retained?: number | undefined;
  /** Files of at most so many bytes are kept in the metadata instead of being stored. Default 0: all are stored. */
  readonly inlineThresholdBytes?: number | undefined;
}

/** What a collection of garbage found. */
export interface Garbage {
  /** Files that no complete checkpoint needs, relative to the root of the storage. */
  readonly files: readonly string[];
  readonly sizeBytes: number;
}

/** What is wrong with a file of a checkpoint. */
export interface DamagedFile {
  readonly file: StoredFile;
  /** What was found, or why it could not be read. */
  readonly problem: string;
}

export abstract class CheckpointStore implements CheckpointStorage {
  readonly #files: FileStore;
  readonly #retained: number | undefined;
  readonly #inlineThresholdBytes: number;
  readonly #registry = new SharedStateRegistry<StoredFile>();
  readonly #inProgress = new Map<number, CheckpointInProgress>();
  // Complete checkpoints whose files are in the registry, or are unknown as their metadata is damaged.
  readonly #known = new Set<number>();
  readonly #unreadable = new Set<number>();
  #isCleared = false;
  #changing: Promise<unknown> = Promise.resolve();

  /** @throws RangeError `ERR_INVALID_RETENTION`. */
  constructor(files: FileStore, { retained, inlineThresholdBytes = 0 }: CheckpointRetention) {
    if (retained !== undefined && !(Number.isSafeInteger(retained) && retained > 0)) {
      throw rangeError('ERR_INVALID_RETENTION', `retained must be a positive integer; received ${describe(retained)}.`);
    }
    if (!(inlineThresholdBytes >= 0)) {
      throw rangeError(
        'ERR_INVALID_RETENTION',
        `inlineThresholdBytes must be a number of bytes; received ${describe(inlineThresholdBytes)}.`,
      );
    }
    this.#files = files;
    this.#retained = retained;
    this.#inlineThresholdBytes = inlineThresholdBytes;
  }

  /** Ids of the complete checkpoints, oldest first. */
  async list(): Promise<number[]> {
    const ids: number[] = [];
    for (const id of await this.#ids()) {
      if (await this.#isComplete(id)) {
        ids.push(id);
      }
    }
    return ids.sort((a, b) => a - b);
  }

  /**
   * A checkpoint with the handles of all its backends.
   *
   * @throws RestoreError when it is missing, incomplete or damaged; the message names the newest complete one before it.
   */
  async openCheckpoint(checkpointId: number): Promise<CompletedCheckpoint> {
    const location = this.#files.address(directoryOf(checkpointId));
    let text: string;
    try {
      text = await this.#files.readText(`${directoryOf(checkpointId)}/${METADATA_FILE}`);
    } catch (cause) {
      const problem = `There is no complete checkpoint ${checkpointId} at ${location}: its ${METADATA_FILE} can not be read`;
      throw await this.#restoreError(checkpointId, problem, cause);
    }
    try {
      return decodeMetadata(text, location);
    } catch (cause) {
      throw await this.#restoreError(checkpointId, (cause as Error).message.replace(/\.$/, ''), cause);
    }
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

  /**
   * Deletes a checkpoint, its metadata first, so that it never counts with files missing, and the shared files that no other
   * checkpoint needs. Nothing happens when there is no such checkpoint.
   *
   * @throws CheckpointError when it is under way.
   */
  discard(checkpointId: number): Promise<void> {
    return this.#alone(async () => {
      if (this.#inProgress.has(checkpointId)) {
        throw new CheckpointError(`Checkpoint ${checkpointId} is under way; abort ends it.`);
      }
      await this.#register();
      await this.#files.remove(`${directoryOf(checkpointId)}/${METADATA_FILE}`);
      this.#known.delete(checkpointId);
      const unused = this.#registry.release(checkpointId);
      await this.#files.remove(directoryOf(checkpointId));
      const wasUnreadable = this.#unreadable.delete(checkpointId);
      if (this.#unreadable.size > 0) {
        // A damaged checkpoint may need them, and somebody may yet want to rescue it.
        return;
      }
      await (wasUnreadable ? this.#collectGarbage(false) : this.#removeAll(unused));
    });
  }

  /** Keeps a checkpoint until it is discarded by name: it does not count as one of those to retain. */
  async protect(checkpointId: number): Promise<void> {
    const marked = (await this.#files.names(directoryOf(checkpointId))).includes(PROTECTED_FILE);
    if (!marked && (await this.#isComplete(checkpointId))) {
      await this.#files.commitText(`${directoryOf(checkpointId)}/${PROTECTED_FILE}`, '', []);
    }
  }

  begin(checkpointId: number): Promise<CheckpointWriter> {
    return this.#alone(() => this.#begin(checkpointId));
  }

  async #begin(checkpointId: number): Promise<CheckpointWriter> {
    if (this.#inProgress.has(checkpointId)) {
      throw new CheckpointError(`Checkpoint ${checkpointId} is under way already; ids must increase.`);
    }
    if (await this.#isComplete(checkpointId)) {
      const location = this.#files.address(directoryOf(checkpointId));
      throw new CheckpointError(`Checkpoint ${checkpointId} exists already at ${location}; ids must increase.`);
    }
    await this.#register();
    if (!this.#isCleared && this.#unreadable.size === 0) {
      await this.#collectGarbage(false);
      this.#isCleared = true;
    }
    // What a crash left of an earlier attempt.
    await this.#files.remove(directoryOf(checkpointId));
    const checkpoint = new CheckpointInProgress(
      { checkpointId, directory: directoryOf(checkpointId), sharedDirectory: SHARED_DIRECTORY },
      {
        files: this.#files,
        registry: this.#registry,
        missing: await this.#missingFiles(),
        inlineThresholdBytes: this.#inlineThresholdBytes,
        ended: async (completed) => {
          this.#inProgress.delete(checkpointId);
          if (completed) {
            this.#known.add(checkpointId);
            await this.#retainNewest();
          }
        },
      },
    );
    this.#inProgress.set(checkpointId, checkpoint);
    return checkpoint;
  }

  async download(handle: KeyedStateHandle, file: StoredFile, localPath: string): Promise<void> {
    if (file.inline !== undefined) {
      return writeInline(file, localPath);
    }
    const source = this.#files.address(file.path);
    const which = `File ${file.name} of checkpoint ${handle.checkpointId}`;
    const found = await this.#files.download(file.path, localPath).catch(async (cause) => {
      throw await this.#restoreError(handle.checkpointId, `${which} can not be read at ${source}`, cause);
    });
    const damage = difference(file, found);
    if (damage !== undefined) {
      throw await this.#restoreError(handle.checkpointId, `${which} is damaged: ${damage} at ${source}`);
    }
  }

  /**
   * Reads every file of a checkpoint and compares sizes and checksums.
   *
   * @returns the files that are missing or damaged; none when the checkpoint can be restored.
   * @throws RestoreError when its metadata is missing or damaged.
   */
  async verify(checkpointId: number): Promise<DamagedFile[]> {
    const damaged: DamagedFile[] = [];
    for (const file of await this.#filesOf(checkpointId)) {
      if (file.inline === undefined) {
        const problem = await this.#files.inspect(file.path).then(
          (found) => difference(file, found),
          (error) => `can not be read: ${(error as Error).message}`,
        );
        if (problem !== undefined) {
          damaged.push({ file, problem });
        }
      }
    }
    return damaged;
  }

  /**
   * Finds, and removes unless `dryRun`, what crashes have left: files of checkpoints that were never completed or are half
   * deleted, and unfinished uploads, where the storage has such. No other process may write to the storage meanwhile.
   *
   * @throws RestoreError when the metadata of a complete checkpoint is damaged, as nobody knows then which files it needs.
   */
  collectGarbage({ dryRun = false }: { readonly dryRun?: boolean } = {}): Promise<Garbage> {
    return this.#alone(() => this.#collectGarbage(dryRun));
  }

  async #collectGarbage(dryRun: boolean): Promise<Garbage> {
    // In this order: a checkpoint that is completed meanwhile is under way here, or is listed after.
    const found = await this.#managedFiles();
    const underWay = [...this.#inProgress.keys()].map(directoryOf);
    const needed = new Set<string>(this.#registry.paths);
    const complete = await this.list();
    for (const id of complete) {
      needed.add(`${directoryOf(id)}/${METADATA_FILE}`);
      needed.add(`${directoryOf(id)}/${PROTECTED_FILE}`);
      for (const file of await this.#filesOf(id)) {
        needed.add(file.path);
      }
    }
    const isUnderWay = (path: string) => underWay.some((directory) => path.startsWith(`${directory}/`));
    const garbage = found.filter(({ path }) => !needed.has(path) && !isUnderWay(path));
    if (!dryRun) {
      for (const { path } of garbage) {
        await this.#files.remove(path);
      }
      for (const id of await this.#ids()) {
        if (!this.#inProgress.has(id) && !(await this.#isComplete(id))) {
          await this.#files.remove(directoryOf(id));
        }
      }
      await this.#files.removeUnfinished?.((path) => isManaged(path.split('/', 1)[0] ?? ''));
    }
    return {
      files: garbage.map(({ path }) => path).sort(),
      sizeBytes: garbage.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    };
  }

  async #managedFiles(): Promise<{ path: string; sizeBytes: number }[]> {
    const directories = (await this.#files.names('')).filter(isManaged);
    return (await Promise.all(directories.map((directory) => this.#files.files(directory)))).flat();
  }

  // Learns which shared files the complete checkpoints use that it does not know yet.
  async #register(): Promise<void> {
    for (const id of await this.list()) {
      if (!this.#known.has(id) && !this.#inProgress.has(id)) {
        await this.#registerFilesOf(id);
        this.#known.add(id);
      }
    }
  }

  async #registerFilesOf(checkpointId: number): Promise<void> {
    try {
      for (const file of await this.#filesOf(checkpointId)) {
        if (file.shared) {
          this.#registry.register(file, checkpointId);
        }
      }
    } catch (error) {
      if (!(error instanceof RestoreError)) {
        throw error;
      }
      this.#unreadable.add(checkpointId);
    }
  }

  async #filesOf(checkpointId: number): Promise<StoredFile[]> {
    return (await this.openCheckpoint(checkpointId)).handles.flatMap((handle) => handle.files);
  }

  async #missingFiles(): Promise<Set<string>> {
    const missing = new Set(this.#registry.paths);
    for (const name of await this.#files.names(SHARED_DIRECTORY)) {
      missing.delete(`${SHARED_DIRECTORY}/${name}`);
    }
    return missing;
  }

  // Begin, discard and the collection of garbage would take away what another of them is just looking at.
  #alone<R>(work: () => Promise<R>): Promise<R> {
    const done = this.#changing.then(work);
    this.#changing = done.catch(() => {});
    return done;
  }

  // The new checkpoint is complete whether or not an old one can be deleted; that is tried again after the next one.
  async #retainNewest(): Promise<void> {
    if (this.#retained !== undefined) {
      try {
        const own: number[] = [];
        for (const id of await this.list()) {
          if (!(await this.#files.names(directoryOf(id))).includes(PROTECTED_FILE)) {
            own.push(id);
          }
        }
        for (const id of own.slice(0, -this.#retained)) {
          await this.discard(id);
        }
      } catch {}
    }
  }

  async #removeAll(files: readonly StoredFile[]): Promise<void> {
    for (const { path, inline } of files) {
      if (inline === undefined) {
        await this.#files.remove(path);
      }
    }
  }

  // Says what is wrong, and offers the checkpoint before.
  async #restoreError(checkpointId: number, problem: string, cause?: unknown): Promise<RestoreError> {
    const older = (await this.list()).filter((id) => id < checkpointId).at(-1);
    const offer =
      older === undefined
        ? 'there is no complete checkpoint before it'
        : `the newest complete checkpoint before it is ${older}, at ${this.#files.address(directoryOf(older))}`;
    return new RestoreError(`${problem}; ${offer}.`, { cause, fallbackCheckpointId: older });
  }

  // Of all checkpoints that there is anything of.
  async #ids(): Promise<number[]> {
    const ids = (await this.#files.names('')).map((name) => Number(DIRECTORY_PATTERN.exec(name)?.[1] ?? Number.NaN));
    return ids.filter((id) => Number.isSafeInteger(id));
  }

  async #isComplete(checkpointId: number): Promise<boolean> {
    return (await this.#files.names(directoryOf(checkpointId))).includes(METADATA_FILE);
  }
}

function directoryOf(checkpointId: number): string {
  return `chk-${checkpointId}`;
}

// Whatever else is beside them is not ours.
function isManaged(directory: string): boolean {
  return directory === SHARED_DIRECTORY || DIRECTORY_PATTERN.test(directory);
}
