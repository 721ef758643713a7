// A checkpoint that is being written.
import { randomUUID } from 'node:crypto';
import type {
  CheckpointWriter,
  CompletedCheckpoint,
  JsonValue,
  KeyedStateHandle,
  StoredFile,
  UploadOptions,
} from '../api/checkpoint.ts';
import { CheckpointError } from '../errors.ts';
import type { FileStore } from './file-store.ts';
import { readInline } from './inline-file.ts';
import { encodeMetadata, METADATA_FILE } from './metadata-file.ts';
import type { SharedStateRegistry } from './shared-state-registry.ts';

/** Where its files go. */
export interface CheckpointPlace {
  readonly checkpointId: number;
  readonly directory: string;
  readonly sharedDirectory: string;
}

/** What it works with. */
export interface CheckpointMeans {
  readonly files: FileStore;
  readonly registry: SharedStateRegistry<StoredFile>;
  /** Registered files that somebody has taken away: they are not built upon. */
  readonly missing: ReadonlySet<string>;
  readonly inlineThresholdBytes: number;
  /** Told when the checkpoint is complete, or gone. */
  ended(completed: boolean): Promise<void>;
}

export class CheckpointInProgress implements CheckpointWriter {
  readonly checkpointId: number;
  readonly #place: CheckpointPlace;
  readonly #means: CheckpointMeans;
  readonly #backends = new Set<string>();
  readonly #directories = new Set<string>();
  readonly #uploads = new Set<Promise<unknown>>();
  #completing: Promise<void> | undefined;
  #aborting: Promise<void> | undefined;

  constructor(place: CheckpointPlace, means: CheckpointMeans) {
    this.checkpointId = place.checkpointId;
    this.#place = place;
    this.#means = means;
  }

  async upload(localPath: string, options: UploadOptions): Promise<StoredFile> {
    this.#checkOpen();
    // From the first moment on, so that an abort waits for it.
    const uploading = this.#upload(localPath, options);
    this.#uploads.add(uploading);
    try {
      return await uploading;
    } finally {
      this.#uploads.delete(uploading);
    }
  }

  async #upload(localPath: string, options: UploadOptions): Promise<StoredFile> {
    const { name, backendId, shared } = options;
    options.signal?.throwIfAborted();
    const { files, inlineThresholdBytes, registry } = this.#means;
    const path = this.#pathOf(name, backendId, shared);
    const inlined = await readInline(localPath, inlineThresholdBytes);
    if (inlined !== undefined) {
      return { name, path, shared: false, ...inlined };
    }
    this.#directories.add(path.slice(0, path.lastIndexOf('/')));
    const expected: StoredFile = { name, path, shared, sizeBytes: 0, crc32: 0 };
    if (shared) {
      // Before the upload, so that what is written is known to be under way.
      registry.register(expected, this.checkpointId);
    }
    return { ...expected, ...(await files.upload(localPath, path, options)) };
  }

  reuse(file: StoredFile): StoredFile | undefined {
    this.#checkOpen();
    if (file.inline !== undefined) {
      return file;
    }
    const { missing, registry } = this.#means;
    const isThere = !missing.has(file.path) && registry.reuse(file.path, this.checkpointId) !== undefined;
    return isThere ? file : undefined;
  }

  async complete(handles: readonly KeyedStateHandle[], attachment?: JsonValue): Promise<CompletedCheckpoint> {
    this.#checkOpen();
    if (this.#uploads.size > 0) {
      throw new CheckpointError(
        `Checkpoint ${this.checkpointId} can not be completed: ${this.#uploads.size} uploads are under way.`,
      );
    }
    const { files, ended } = this.#means;
    const { checkpointId, directory } = this.#place;
    const location = files.address(directory);
    const metadata = `${directory}/${METADATA_FILE}`;
    const checkpoint = { checkpointId, handles, ...(attachment !== undefined && { attachment }) };
    const text = encodeMetadata(checkpoint);
    this.#completing = files.commitText(metadata, text, [...this.#directories]);
    await this.#completing;
    await ended(true);
    return { ...checkpoint, location, handles: handles.map((handle) => ({ ...handle, location })) };
  }

  abort(): Promise<void> {
    this.#aborting ??= this.#abort();
    return this.#aborting;
  }

  async #abort(): Promise<void> {
    const { files, registry, ended } = this.#means;
    const { checkpointId, directory } = this.#place;
    const isComplete = await this.#completing?.then(
      () => true,
      () => false,
    );
    if (isComplete) {
      throw new CheckpointError(`Checkpoint ${checkpointId} is complete; discard deletes it.`);
    }
    await Promise.allSettled(this.#uploads);
    const unused = registry.release(checkpointId);
    try {
      // First, as its name may be there although making it durable has failed.
      await files.remove(`${directory}/${METADATA_FILE}`);
      await files.remove(directory);
      for (const { path } of unused) {
        await files.remove(path);
      }
    } finally {
      // What could not be removed is garbage from now on.
      await ended(false);
    }
  }

  // Files of a single backend are directly in the checkpoint's directory, which RocksDB's own tools can then open. A shared
  // file has a name of its own each time: it may be stored again before the first checkpoint with it is confirmed.
  #pathOf(name: string, backendId: string, shared: boolean): string {
    const { directory, sharedDirectory } = this.#place;
    this.#backends.add(backendId);
    const isOnly = [...this.#backends][0] === backendId;
    return shared
      ? `${sharedDirectory}/${randomUUID()}-${name}`
      : `${directory}/${isOnly ? '' : `${backendId}/`}${name}`;
  }

  #checkOpen(): void {
    if (this.#completing !== undefined || this.#aborting !== undefined) {
      throw new CheckpointError(`Checkpoint ${this.checkpointId} is ${this.#aborting ? 'aborted' : 'complete'}.`);
    }
  }
}
