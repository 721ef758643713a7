// Which shared files the checkpoints of a database consist of, so that later ones need not store them again.
import type { KeyedStateHandle, StoredFile } from '../api/checkpoint.ts';
import { isTable } from '../storage/table-files.ts';

type FilesByName = ReadonlyMap<string, StoredFile>;

/**
 * Only the files of a confirmed checkpoint are built upon: those of another may be deleted at any moment, when it fails.
 * RocksDB never gives a name to two files, so a name says what is in a file.
 */
export class CheckpointHistory {
  readonly #files = new Map<number, FilesByName>();
  #confirmedId = -1;

  /** Begins with the files of the checkpoint that the database was restored from. */
  static after({ checkpointId, files }: KeyedStateHandle): CheckpointHistory {
    const history = new CheckpointHistory();
    history.record(checkpointId, files);
    history.confirm(checkpointId);
    return history;
  }

  /** The files of the newest confirmed checkpoint, by name. */
  get base(): FilesByName {
    return this.#files.get(this.#confirmedId) ?? new Map();
  }

  /** Remembers the files of a checkpoint that was stored; one that a newer one has overtaken is of no use. */
  record(checkpointId: number, files: readonly StoredFile[]): void {
    if (checkpointId <= this.#confirmedId) {
      return;
    }
    const reusable = files.filter(({ name }) => isTable(name));
    this.#files.set(checkpointId, new Map(reusable.map((file) => [file.name, file])));
  }

  /** The checkpoint is complete. One that was not recorded here, such as a savepoint, changes nothing. */
  confirm(checkpointId: number): void {
    if (checkpointId > this.#confirmedId && this.#files.has(checkpointId)) {
      this.#confirmedId = checkpointId;
      for (const id of this.#files.keys()) {
        if (id < checkpointId) {
          this.#files.delete(id);
        }
      }
    }
  }

  /** The checkpoint failed, or was given up. */
  abort(checkpointId: number): void {
    if (checkpointId !== this.#confirmedId) {
      this.#files.delete(checkpointId);
    }
  }
}
