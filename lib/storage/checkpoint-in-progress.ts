// A checkpoint that is being written.
import type {
  CheckpointWriter,
  CompletedCheckpoint,
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
  #aborting: Promise<void> | undefined;
  #complete = false;

  constructor(place: CheckpointPlace, means: CheckpointMeans) {
    this.checkpointId = place.checkpointId;
    this.#place = place;
    this.#means = means;
  }

  async upload(localPath: string, { name, backendId, shared, signal }: UploadOptions): Promise<StoredFile> {
    this.#checkOpen();
    const path = this.#pathOf(name, backendId, shared);
    const inlined = await readInline(localPath, this.#means.inlineThresholdBytes);
    if (inlined !== undefined) {
      return { name, path, shared: false, ...inlined };
    }
    this.#directories.add(path.slice(0, path.lastIndexOf('/')));
    const expected: StoredFile = { name, path, shared, sizeBytes: 0, crc32: 0 };
    if (shared) {
      // Before the upload, so that what is written is known to be under way.
      this.#means.registry.register(expected, this.checkpointId);
    }
    const uploading = this.#means.files.upload(localPath, path, signal);
    this.#uploads.add(uploading);
    try {
      return { ...expected, ...(await uploading) };
    } finally {
      this.#uploads.delete(uploading);
    }
  }

  reuse(file: StoredFile): StoredFile | undefined {
    this.#checkOpen();
    if (file.inline !== undefined) {
      return file;
    }
    return this.#means.registry.reuse(file.path, this.checkpointId) === undefined ? undefined : file;
  }

  async complete(handles: readonly KeyedStateHandle[]): Promise<CompletedCheckpoint> {
    this.#checkOpen();
    const { files, ended } = this.#means;
    const { checkpointId, directory } = this.#place;
    const location = files.address(directory);
    const metadata = `${directory}/${METADATA_FILE}`;
    await files.commitText(metadata, encodeMetadata({ checkpointId, handles }), [...this.#directories]);
    this.#complete = true;
    await ended(true);
    return { checkpointId, location, handles: handles.map((handle) => ({ ...handle, location })) };
  }

  abort(): Promise<void> {
    if (this.#complete) {
      throw new CheckpointError(`Checkpoint ${this.checkpointId} is complete; discard deletes it.`);
    }
    this.#aborting ??= this.#abort();
    return this.#aborting;
  }

  async #abort(): Promise<void> {
    const { files, registry, ended } = this.#means;
    await Promise.allSettled(this.#uploads);
    const unused = registry.release(this.checkpointId);
    try {
      await files.remove(this.#place.directory);
      for (const { path } of unused) {
        await files.remove(path);
      }
    } finally {
      // What could not be removed is garbage, and no longer under way.
      await ended(false);
    }
  }

  // Files of a single backend are directly in the checkpoint's directory, which RocksDB's own tools can then open.
  #pathOf(name: string, backendId: string, shared: boolean): string {
    const { directory, sharedDirectory } = this.#place;
    this.#backends.add(backendId);
    const isOnly = [...this.#backends][0] === backendId;
    return shared ? `${sharedDirectory}/${backendId}-${name}` : `${directory}/${isOnly ? '' : `${backendId}/`}${name}`;
  }

  #checkOpen(): void {
    if (this.#complete || this.#aborting !== undefined) {
      throw new CheckpointError(`Checkpoint ${this.checkpointId} is ${this.#complete ? 'complete' : 'aborted'}.`);
    }
  }
}
