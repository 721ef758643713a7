// Which shared files the checkpoints of a store use, as far as the store has looked.
import type { StoredFile } from '../api/checkpoint.ts';
import { RestoreError } from '../errors.ts';
import { SHARED_DIRECTORY } from './checkpoint-layout.ts';
import type { CompleteCheckpoints } from './complete-checkpoints.ts';
import type { FileStore } from './file-store.ts';
import { SharedStateRegistry } from './shared-state-registry.ts';

/** The files of checkpoints, by id. */
export type FilesOfCheckpoints = ReadonlyMap<number, readonly StoredFile[]>;

export class KnownFiles {
  readonly registry: SharedStateRegistry<StoredFile> = new SharedStateRegistry<StoredFile>();
  readonly #files: FileStore;
  readonly #complete: CompleteCheckpoints;
  // Complete checkpoints whose files are in the registry, or are unknown as their metadata is damaged.
  readonly #known = new Set<number>();
  readonly #unreadable = new Set<number>();

  constructor(files: FileStore, complete: CompleteCheckpoints) {
    this.#files = files;
    this.#complete = complete;
  }

  /** Whether a checkpoint is damaged, so that any shared file may be one of its. */
  get isDoubtful(): boolean {
    return this.#unreadable.size > 0;
  }

  /** Reads the complete checkpoints that it does not know yet. Answers what it has read. */
  async learn(isUnderWay: (checkpointId: number) => boolean): Promise<FilesOfCheckpoints> {
    const read = new Map<number, readonly StoredFile[]>();
    for (const id of await this.#complete.list()) {
      if (!this.#known.has(id) && !isUnderWay(id)) {
        const files = await this.#read(id);
        if (files !== undefined) {
          read.set(id, files);
        }
        this.#known.add(id);
      }
    }
    return read;
  }

  /** A checkpoint, whose files are registered, is complete. */
  completed(checkpointId: number): void {
    this.#known.add(checkpointId);
  }

  /** A checkpoint is gone. Answers the shared files that nothing uses any more, and whether it was a damaged one. */
  forget(checkpointId: number): { readonly unused: readonly StoredFile[]; readonly wasUnreadable: boolean } {
    this.#known.delete(checkpointId);
    return { unused: this.registry.release(checkpointId), wasUnreadable: this.#unreadable.delete(checkpointId) };
  }

  /** Shared files in use that somebody has taken away. */
  async missing(): Promise<Set<string>> {
    const missing = new Set(this.registry.paths);
    for (const name of await this.#files.names(SHARED_DIRECTORY)) {
      missing.delete(`${SHARED_DIRECTORY}/${name}`);
    }
    return missing;
  }

  async #read(checkpointId: number): Promise<readonly StoredFile[] | undefined> {
    try {
      const files = await this.#complete.filesOf(checkpointId);
      for (const file of files.filter(({ shared }) => shared)) {
        this.registry.register(file, checkpointId);
      }
      return files;
    } catch (error) {
      if (!(error instanceof RestoreError)) {
        throw error;
      }
      this.#unreadable.add(checkpointId);
      return undefined;
    }
  }
}
