// Checkpoints in a directory: chk-<id>/ holds the files, and its _metadata, written last, makes it complete.
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CheckpointStorage, CheckpointWriter, KeyedStateHandle, StoredFile } from '../api/checkpoint.ts';
import { CheckpointError, describe, RestoreError, typeError } from '../errors.ts';
import { copyChecked, syncDirectory } from './checked-copy.ts';
import { decodeMetadata, encodeMetadata, METADATA_FILE } from './metadata-file.ts';

const DIRECTORY_PATTERN = /^chk-(\d+)$/;

/** Keeps checkpoints below a directory of a file system. */
export class FileSystemCheckpointStorage implements CheckpointStorage {
  /** The directory, as a path. */
  readonly directory: string;

  /**
   * @param directory - a path, or a `file:` URL. It is created when needed.
   * @throws TypeError `ERR_INVALID_CHECKPOINT_DIRECTORY` for anything else.
   */
  constructor(directory: string | URL) {
    this.directory = toPath(directory);
  }

  /** Ids of the complete checkpoints, oldest first. */
  async list(): Promise<number[]> {
    const ids: number[] = [];
    for (const name of await namesIn(this.directory)) {
      const id = Number(DIRECTORY_PATTERN.exec(name)?.[1] ?? Number.NaN);
      if (!Number.isNaN(id) && (await this.#isComplete(id))) {
        ids.push(id);
      }
    }
    return ids.sort((a, b) => a - b);
  }

  /**
   * The handle of a checkpoint.
   *
   * @throws RestoreError when it is missing, incomplete or damaged; the message names the newest complete one before it.
   */
  async open(checkpointId: number): Promise<KeyedStateHandle> {
    const location = this.#location(checkpointId);
    let text: string;
    try {
      text = await readFile(join(location, METADATA_FILE), 'utf8');
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

  /** The handle of the newest complete checkpoint; `undefined` when there is none. */
  async latest(): Promise<KeyedStateHandle | undefined> {
    const newest = (await this.list()).at(-1);
    return newest === undefined ? undefined : this.open(newest);
  }

  /** Deletes a checkpoint, its metadata first, so that it never counts with files missing. */
  async discard(checkpointId: number): Promise<void> {
    await rm(join(this.#location(checkpointId), METADATA_FILE), { force: true });
    await rm(this.#location(checkpointId), { recursive: true, force: true });
  }

  async begin(checkpointId: number): Promise<CheckpointWriter> {
    if (await this.#isComplete(checkpointId)) {
      throw new CheckpointError(
        `Checkpoint ${checkpointId} exists already at ${this.#location(checkpointId)}; ids must increase.`,
      );
    }
    // What a crash left of an earlier attempt.
    await rm(this.#location(checkpointId), { recursive: true, force: true });
    await mkdir(this.#location(checkpointId), { recursive: true });
    return new DirectoryWriter(this.directory, this.#location(checkpointId));
  }

  async download(handle: KeyedStateHandle, file: StoredFile, localPath: string): Promise<void> {
    const source = join(handle.location, file.name);
    const which = `File ${file.name} of checkpoint ${handle.checkpointId}`;
    const found = await copyChecked(source, localPath).catch(async (cause) => {
      throw await this.#restoreError(handle.checkpointId, `${which} can not be read at ${source}`, cause);
    });
    if (found.sizeBytes !== file.sizeBytes || found.crc32 !== file.crc32) {
      const problem =
        `${which} is damaged: expected ${file.sizeBytes} bytes with CRC-32 ${file.crc32}, ` +
        `found ${found.sizeBytes} bytes with ${found.crc32} at ${source}`;
      throw await this.#restoreError(handle.checkpointId, problem);
    }
  }

  // Says what is wrong, and offers the checkpoint before.
  async #restoreError(checkpointId: number, problem: string, cause?: unknown): Promise<RestoreError> {
    const older = (await this.list()).filter((id) => id < checkpointId).at(-1);
    const offer =
      older === undefined
        ? 'there is no complete checkpoint before it'
        : `the newest complete checkpoint before it is ${older}, at ${this.#location(older)}`;
    return new RestoreError(`${problem}; ${offer}.`, { cause, fallbackCheckpointId: older });
  }

  async #isComplete(checkpointId: number): Promise<boolean> {
    return (await namesIn(this.#location(checkpointId))).includes(METADATA_FILE);
  }

  #location(checkpointId: number): string {
    return join(this.directory, `chk-${checkpointId}`);
  }
}

class DirectoryWriter implements CheckpointWriter {
  readonly #parent: string;
  readonly #location: string;

  constructor(parent: string, location: string) {
    this.#parent = parent;
    this.#location = location;
  }

  async upload(localPath: string, name: string): Promise<StoredFile> {
    return { name, ...(await copyChecked(localPath, join(this.#location, name))) };
  }

  async complete(handle: Omit<KeyedStateHandle, 'location'>): Promise<KeyedStateHandle> {
    const temporary = join(this.#location, `${METADATA_FILE}.part`);
    {
      await using file = await open(temporary, 'wx');
      await file.writeFile(encodeMetadata(handle));
      await file.sync();
    }
    // The names of the files are durable before the name that makes them count.
    await syncDirectory(this.#location);
    await rename(temporary, join(this.#location, METADATA_FILE));
    await syncDirectory(this.#location);
    await syncDirectory(this.#parent);
    return { ...handle, location: this.#location };
  }

  async abort(): Promise<void> {
    await rm(this.#location, { recursive: true, force: true });
  }
}

function toPath(directory: string | URL): string {
  if (directory instanceof URL || (typeof directory === 'string' && directory.startsWith('file:'))) {
    return fileURLToPath(directory);
  }
  if (typeof directory !== 'string' || directory === '' || /^[a-z][a-z0-9+.-]*:\/\//i.test(directory)) {
    throw typeError(
      'ERR_INVALID_CHECKPOINT_DIRECTORY',
      `A checkpoint directory must be a path or a file: URL; received ${describe(directory)}.`,
    );
  }
  return directory;
}

async function namesIn(directory: string): Promise<string[]> {
  try {
    return await readdir(directory);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      return [];
    }
    throw error;
  }
}
