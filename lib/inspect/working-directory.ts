// A directory for copies and links of files, made when the first one needs it.
import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export class WorkingDirectory {
  readonly #parent: string;
  #path: Promise<string> | undefined;

  /** @param parent - where it is made. Default: the system's temporary directory. */
  constructor(parent: string = tmpdir()) {
    this.#parent = parent;
  }

  /** A new path in it. */
  async newPath(): Promise<string> {
    this.#path ??= mkdir(this.#parent, { recursive: true }).then(() => mkdtemp(join(this.#parent, 'rockstate-')));
    return join(await this.#path, randomUUID());
  }

  async remove(): Promise<void> {
    const path = await this.#path?.catch(() => undefined);
    this.#path = undefined;
    if (path !== undefined) {
      await rm(path, { recursive: true, force: true });
    }
  }
}
