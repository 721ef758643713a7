// The life of checkpoints in a store: begun, complete, protected, discarded. What changes the store is done by one at a time,
// as begin, discard and the collection of garbage would take away what another of them is just looking at.
import type { CheckpointWriter } from '../api/checkpoint.ts';
import { CheckpointError } from '../errors.ts';
import { CheckpointInProgress } from './checkpoint-in-progress.ts';
import { directoryOf, metadataOf, protectionOf, SHARED_DIRECTORY } from './checkpoint-layout.ts';
import { type CheckpointRetention, Retention } from './checkpoint-retention.ts';
import type { CompleteCheckpoints } from './complete-checkpoints.ts';
import type { FileStore } from './file-store.ts';
import { findGarbage, type Garbage, type GarbageSearch, removeGarbage } from './garbage.ts';
import { type FilesOfCheckpoints, KnownFiles } from './known-files.ts';
import { DEFAULT_TRANSFERS, mapBounded } from './transfer.ts';

export class CheckpointLifecycle {
  readonly #files: FileStore;
  readonly #complete: CompleteCheckpoints;
  readonly #known: KnownFiles;
  readonly #retention: Retention;
  readonly #inlineThresholdBytes: number;
  readonly #deletionsAtOnce: number;
  readonly #inProgress = new Map<number, CheckpointInProgress>();
  #isCleared = false;
  #changing: Promise<unknown> = Promise.resolve();

  constructor(files: FileStore, complete: CompleteCheckpoints, how: CheckpointRetention) {
    const { retained, inlineThresholdBytes = 0, deletesInParallel = true } = how;
    this.#files = files;
    this.#complete = complete;
    this.#known = new KnownFiles(files, complete);
    this.#retention = new Retention(retained, complete);
    this.#inlineThresholdBytes = inlineThresholdBytes;
    this.#deletionsAtOnce = deletesInParallel ? DEFAULT_TRANSFERS : 1;
  }

  begin(checkpointId: number): Promise<CheckpointWriter> {
    return this.#alone(() => this.#begin(checkpointId));
  }

  discard(checkpointId: number): Promise<void> {
    return this.#alone(() => this.#discard(checkpointId));
  }

  protect(checkpointId: number): Promise<void> {
    return this.#alone(async () => {
      if ((await this.#complete.has(checkpointId)) && !(await this.#complete.isProtected(checkpointId))) {
        await this.#files.commitText(protectionOf(checkpointId), '', []);
      }
    });
  }

  findGarbage(): Promise<Garbage> {
    return this.#alone(() => findGarbage(this.#search()));
  }

  collectGarbage(): Promise<Garbage> {
    return this.#alone(() => this.#collectGarbage());
  }

  async #begin(checkpointId: number): Promise<CheckpointWriter> {
    if (this.#inProgress.has(checkpointId)) {
      throw new CheckpointError(`Checkpoint ${checkpointId} is under way already; ids must increase.`);
    }
    if (await this.#complete.has(checkpointId)) {
      const location = this.#files.address(directoryOf(checkpointId));
      throw new CheckpointError(`Checkpoint ${checkpointId} exists already at ${location}; ids must increase.`);
    }
    const read = await this.#learn();
    if (!this.#isCleared && !this.#known.isDoubtful) {
      await this.#collectGarbage(read);
      this.#isCleared = true;
    }
    // What a crash left of an earlier attempt.
    await this.#files.remove(directoryOf(checkpointId));
    const checkpoint = new CheckpointInProgress(
      { checkpointId, directory: directoryOf(checkpointId), sharedDirectory: SHARED_DIRECTORY },
      {
        files: this.#files,
        registry: this.#known.registry,
        missing: await this.#known.missing(),
        inlineThresholdBytes: this.#inlineThresholdBytes,
        ended: (completed) => this.#ended(checkpointId, completed),
      },
    );
    this.#inProgress.set(checkpointId, checkpoint);
    return checkpoint;
  }

  async #ended(checkpointId: number, completed: boolean): Promise<void> {
    this.#inProgress.delete(checkpointId);
    if (completed) {
      this.#known.completed(checkpointId);
      if (!this.#retention.keepsAll) {
        await this.#alone(() => this.#retention.apply((id) => this.#discard(id)));
      }
    }
  }

  async #discard(checkpointId: number): Promise<void> {
    if (this.#inProgress.has(checkpointId)) {
      throw new CheckpointError(`Checkpoint ${checkpointId} is under way; abort ends it.`);
    }
    const read = await this.#learn();
    await this.#files.remove(metadataOf(checkpointId));
    const { unused, wasUnreadable } = this.#known.forget(checkpointId);
    await this.#files.remove(directoryOf(checkpointId));
    if (this.#known.isDoubtful) {
      // A damaged checkpoint may need them, and somebody may yet want to rescue it.
      return;
    }
    if (wasUnreadable) {
      await this.#collectGarbage(read);
      return;
    }
    const paths = unused.flatMap(({ path, inline }) => (inline === undefined ? [path] : []));
    await mapBounded(paths, this.#deletionsAtOnce, (path) => this.#files.remove(path));
  }

  async #collectGarbage(read?: FilesOfCheckpoints): Promise<Garbage> {
    const search = this.#search(read);
    const garbage = await findGarbage(search);
    await removeGarbage(garbage, search);
    return garbage;
  }

  #search(read: FilesOfCheckpoints = new Map()): GarbageSearch {
    return {
      files: this.#files,
      complete: this.#complete,
      underWay: () => [...this.#inProgress.keys()],
      usedPaths: () => this.#known.registry.paths,
      read,
    };
  }

  #learn(): Promise<FilesOfCheckpoints> {
    return this.#known.learn((id) => this.#inProgress.has(id));
  }

  #alone<R>(work: () => Promise<R>): Promise<R> {
    const done = this.#changing.then(work);
    this.#changing = done.catch(() => {});
    return done;
  }
}
