// A checkpoint storage that begins checkpoints only when told to: until then snapshots are under way.
import type {
  CheckpointStorage,
  CheckpointWriter,
  KeyedStateHandle,
  RestoreSource,
  StoredFile,
} from '../../lib/api/checkpoint.ts';

export class HeldStorage implements CheckpointStorage {
  readonly #storage: CheckpointStorage;
  readonly #released: Promise<void>;
  /** Begins the checkpoints that wait, and all later ones at once. */
  readonly release: () => void;

  constructor(storage: CheckpointStorage) {
    this.#storage = storage;
    let release = () => {};
    this.#released = new Promise((resolve) => {
      release = resolve;
    });
    this.release = release;
  }

  async begin(checkpointId: number): Promise<CheckpointWriter> {
    await this.#released;
    return this.#storage.begin(checkpointId);
  }

  download(handle: KeyedStateHandle, file: StoredFile, localPath: string): Promise<void> {
    return this.#storage.download(handle, file, localPath);
  }

  /** What a keyed backend is restored from. */
  source(handle: KeyedStateHandle): RestoreSource {
    return { storage: this.#storage, handle };
  }
}
