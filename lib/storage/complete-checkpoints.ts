// The complete checkpoints of a store, as they can be read: listed, opened, downloaded and verified.
import type { CompletedCheckpoint, KeyedStateHandle, StoredFile } from '../api/checkpoint.ts';
import { RestoreError } from '../errors.ts';
import { difference } from './checked-copy.ts';
import { checkpointIdOf, directoryOf, metadataOf, protectionOf } from './checkpoint-layout.ts';
import type { FileStore } from './file-store.ts';
import { writeInline } from './inline-file.ts';
import { decodeMetadata, METADATA_FILE } from './metadata-file.ts';

/** What is wrong with a file of a checkpoint. */
export interface DamagedFile {
  readonly file: StoredFile;
  /** What was found, or why it could not be read. */
  readonly problem: string;
}

/** A file of a checkpoint on its way to a local path. */
export interface FileDownload {
  readonly handle: KeyedStateHandle;
  readonly file: StoredFile;
  readonly localPath: string;
  readonly signal: AbortSignal | undefined;
}

export class CompleteCheckpoints {
  readonly #files: FileStore;

  constructor(files: FileStore) {
    this.#files = files;
  }

  /** Ids of the complete checkpoints, oldest first. */
  async list(): Promise<number[]> {
    const ids: number[] = [];
    for (const id of await this.ids()) {
      if (await this.has(id)) {
        ids.push(id);
      }
    }
    return ids.sort((a, b) => a - b);
  }

  /** Ids of all checkpoints that there is anything of. */
  async ids(): Promise<number[]> {
    return (await this.#files.names('')).map(checkpointIdOf).filter((id) => id !== undefined);
  }

  async has(checkpointId: number): Promise<boolean> {
    return this.#hasFile(checkpointId, metadataOf(checkpointId));
  }

  async isProtected(checkpointId: number): Promise<boolean> {
    return this.#hasFile(checkpointId, protectionOf(checkpointId));
  }

  /** @throws RestoreError when it is missing, incomplete or damaged. */
  async open(checkpointId: number): Promise<CompletedCheckpoint> {
    const location = this.#files.address(directoryOf(checkpointId));
    let text: string;
    try {
      text = await this.#files.readText(metadataOf(checkpointId));
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

  /** All files of a checkpoint. @throws RestoreError as {@link open}. */
  async filesOf(checkpointId: number): Promise<StoredFile[]> {
    return (await this.open(checkpointId)).handles.flatMap((handle) => handle.files);
  }

  /** @throws RestoreError when the file is missing or damaged. */
  async download({ handle, file, localPath, signal }: FileDownload): Promise<void> {
    signal?.throwIfAborted();
    if (file.inline !== undefined) {
      return writeInline(file, localPath);
    }
    const source = this.#files.address(file.path);
    const which = `File ${file.name} of checkpoint ${handle.checkpointId}`;
    const found = await this.#files.download(file.path, localPath, signal).catch(async (cause) => {
      signal?.throwIfAborted();
      throw await this.#restoreError(handle.checkpointId, `${which} can not be read at ${source}`, cause);
    });
    const damage = difference(file, found);
    if (damage !== undefined) {
      throw await this.#restoreError(handle.checkpointId, `${which} is damaged: ${damage} at ${source}`);
    }
  }

  /** The files of a checkpoint that are missing or damaged. @throws RestoreError as {@link open}. */
  async verify(checkpointId: number): Promise<DamagedFile[]> {
    const damaged: DamagedFile[] = [];
    for (const file of await this.filesOf(checkpointId)) {
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

  async #hasFile(checkpointId: number, path: string): Promise<boolean> {
    const directory = directoryOf(checkpointId);
    return (await this.#files.names(directory)).includes(path.slice(directory.length + 1));
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
}
