// A directory that gets its name only when all in it is written and synced.
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { CheckpointError } from '../errors.ts';

export class NewDirectory {
  readonly path: string;
  /** Where files are written until `complete`. */
  readonly temporary: string;

  readonly #advice: string;

  private constructor(path: string, advice: string) {
    this.path = path;
    this.temporary = `${path}.part`;
    this.#advice = advice;
  }

  /**
   * What a crash left of one with this name is removed.
   *
   * @param advice - what to do where there is something at the path, for the message.
   * @throws CheckpointError when there is something at the path already.
   */
  static async begin(path: string, advice = 'name a new directory'): Promise<NewDirectory> {
    const directory = new NewDirectory(resolve(path), advice);
    await directory.#refuseExisting();
    await rm(directory.temporary, { recursive: true, force: true });
    await mkdir(directory.temporary, { recursive: true });
    return directory;
  }

  /** The path that a file has until `complete`. */
  pathOf(name: string): string {
    return join(this.temporary, name);
  }

  async writeFile(name: string, pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<void> {
    await using file = await open(this.pathOf(name), 'wx');
    for await (const piece of pieces) {
      await file.writeFile(piece);
    }
    await file.sync();
  }

  async complete(): Promise<void> {
    for (const entry of await readdir(this.temporary, { withFileTypes: true })) {
      if (entry.isDirectory()) {
        await sync(this.pathOf(entry.name));
      }
    }
    await sync(this.temporary);
    await this.#refuseExisting();
    await rename(this.temporary, this.path);
    await sync(dirname(this.path));
  }

  async abort(): Promise<void> {
    await rm(this.temporary, { recursive: true, force: true });
  }

  async #refuseExisting(): Promise<void> {
    if ((await stat(this.path).catch(() => undefined)) !== undefined) {
      throw new CheckpointError(`There is something at ${this.path} already; ${this.#advice}.`);
    }
  }
}

async function sync(directory: string): Promise<void> {
  await using handle = await open(directory, 'r');
  await handle.sync();
}
