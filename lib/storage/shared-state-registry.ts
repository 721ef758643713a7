// Which checkpoints use which shared files: a file is deleted when the last of them is gone.

/** A file that several checkpoints may use. */
export interface SharedFile {
  /** Identifies it: files are written once. */
  readonly path: string;
}

interface Registered<F> {
  readonly file: F;
  readonly usedBy: Set<number>;
}

export class SharedStateRegistry<F extends SharedFile> {
  readonly #registered = new Map<string, Registered<F>>();

  /** Notes that a checkpoint uses a file. */
  register(file: F, checkpointId: number): F {
    const known = this.#registered.get(file.path);
    if (known === undefined) {
      this.#registered.set(file.path, { file, usedBy: new Set([checkpointId]) });
      return file;
    }
    known.usedBy.add(checkpointId);
    return known.file;
  }

  /** Notes that a checkpoint uses a file that another one brought; `undefined` when the file is not there any more. */
  reuse(path: string, checkpointId: number): F | undefined {
    const known = this.#registered.get(path);
    known?.usedBy.add(checkpointId);
    return known?.file;
  }

  /** Notes that a checkpoint is gone. Answers the files that nothing uses any more; they are forgotten. */
  release(checkpointId: number): F[] {
    return this.#releaseWhere((id) => id === checkpointId);
  }

  /** As {@link release}, for every checkpoint below an id. */
  releaseBelow(lowestCheckpointId: number): F[] {
    return this.#releaseWhere((id) => id < lowestCheckpointId);
  }

  /** Whether a file is in use. */
  has(path: string): boolean {
    return this.#registered.has(path);
  }

  /** All files in use. */
  get paths(): string[] {
    return [...this.#registered.keys()];
  }

  get size(): number {
    return this.#registered.size;
  }

  #releaseWhere(isGone: (checkpointId: number) => boolean): F[] {
    const unused: F[] = [];
    for (const [path, { file, usedBy }] of this.#registered) {
      for (const id of usedBy) {
        if (isGone(id)) {
          usedBy.delete(id);
        }
      }
      if (usedBy.size === 0) {
        this.#registered.delete(path);
        unused.push(file);
      }
    }
    return unused;
  }
}
