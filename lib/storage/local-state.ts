// Copies of snapshots on the local disk, from which a restore on the same machine reads instead of the storage. They are
// hard links, so they cost nothing but the space of files that the database has replaced since.
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { difference, summarize } from './checked-copy.ts';
import type { FileDownload } from './complete-checkpoints.ts';
import { linkOrCopy } from './table-files.ts';

export class LocalState {
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
  }

  /** Takes over the directory of a snapshot. */
  async keep(checkpointId: number, backendId: string, directory: string): Promise<void> {
    const kept = this.#directory(checkpointId, backendId);
    await rm(kept, { recursive: true, force: true });
    await mkdir(dirname(kept), { recursive: true });
    await rename(directory, kept);
  }

  /** Removes the copies of a backend's checkpoints that are older than a confirmed one, and those that it was restored from. */
  async confirm(checkpointId: number, backendId: string, predecessors: readonly string[]): Promise<void> {
    for (const predecessor of predecessors) {
      await rm(join(this.#root, predecessor), { recursive: true, force: true });
    }
    for (const name of await readdir(join(this.#root, backendId)).catch(() => [])) {
      if (Number(name.slice('chk-'.length)) < checkpointId) {
        await rm(join(this.#root, backendId, name), { recursive: true, force: true });
      }
    }
  }

  /** Removes the copy of a checkpoint that failed. */
  async abort(checkpointId: number, backendId: string): Promise<void> {
    await rm(this.#directory(checkpointId, backendId), { recursive: true, force: true });
  }

  /** Brings a file of a snapshot to a path. Answers whether there was a copy of it, undamaged. */
  async restore({ handle, file, localPath, signal }: FileDownload): Promise<boolean> {
    const kept = join(this.#directory(handle.checkpointId, handle.backendId), file.name);
    const found = await summarize(kept, signal).catch(() => undefined);
    signal?.throwIfAborted();
    if (found === undefined || difference(file, found) !== undefined) {
      return false;
    }
    // Files that RocksDB changes must not be the copy's.
    await linkOrCopy(kept, localPath);
    return true;
  }

  #directory(checkpointId: number, backendId: string): string {
    return join(this.#root, backendId, `chk-${checkpointId}`);
  }
}
