// A directory of checkpoints whose files are read and removed under the eyes of the test.
import { setImmediate } from 'node:timers/promises';
import type { CheckpointRetention } from '../../lib/storage/checkpoint-retention.ts';
import { CheckpointStore } from '../../lib/storage/checkpoint-store.ts';
import { LocalFileStore } from '../../lib/storage/local-file-store.ts';

export class ObservedFiles extends LocalFileStore {
  /** Paths of the texts that were read. */
  readonly read: string[] = [];
  /** The most removals that were under way at once. */
  mostRemovals = 0;
  /** A path that can not be removed. */
  stuck: string | undefined;
  #removals = 0;

  override readText(path: string): Promise<string> {
    this.read.push(path);
    return super.readText(path);
  }

  override async remove(path: string): Promise<void> {
    if (path === this.stuck) {
      throw new Error(`${path} is stuck.`);
    }
    this.#removals += 1;
    this.mostRemovals = Math.max(this.mostRemovals, this.#removals);
    await setImmediate();
    await super.remove(path);
    this.#removals -= 1;
  }
}

export class ObservedStorage extends CheckpointStore {
  readonly files: ObservedFiles;

  constructor(directory: string, retention: CheckpointRetention = {}) {
    const files = new ObservedFiles(directory, { linksFiles: true });
    super(files, retention);
    this.files = files;
  }
}
