// Files of checkpoints in a directory of the file system.
import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { copyChecked, type FileSummary, summarize, sync } from './checked-copy.ts';
import type { FileEntry, FileStore, FileUpload } from './file-store.ts';
import { isTable, tryLink } from './table-files.ts';

export class LocalFileStore implements FileStore {
  readonly #root: string;
  readonly #linksFiles: boolean;

  /** @param options - `linksFiles`: whether files are linked instead of copied where they can be. */
  constructor(root: string, { linksFiles }: { readonly linksFiles: boolean }) {
    this.#root = root;
    this.#linksFiles = linksFiles;
  }

  address(path = ''): string {
    return path === '' ? this.#root : join(this.#root, path);
  }

  async upload(localPath: string, path: string, { mayLink, signal }: FileUpload = {}): Promise<FileSummary> {
    const target = this.address(path);
    await makeDirectory(dirname(target));
    if (!mayLink || !(await this.#link(localPath, target))) {
      return copyChecked(localPath, target, { durable: true, signal });
    }
    try {
      await sync(target);
      return await summarize(target, signal);
    } catch (error) {
      await rm(target, { force: true }).catch(() => {});
      throw error;
    }
  }

  async download(path: string, localPath: string, signal?: AbortSignal): Promise<FileSummary> {
    const source = this.address(path);
    return isTable(path) && (await this.#link(source, localPath))
      ? summarize(localPath, signal)
      : copyChecked(source, localPath, { durable: false, signal });
  }

  inspect(path: string): Promise<FileSummary> {
    return summarize(this.address(path));
  }

  readText(path: string): Promise<string> {
    return readFile(this.address(path), 'utf8');
  }

  async commitText(path: string, text: string, directories: readonly string[]): Promise<void> {
    const target = this.address(path);
    await makeDirectory(dirname(target));
    // Nobody else's: not what a crash has left, nor that of a second call at the same time.
    const temporary = `${target}.${randomUUID()}.part`;
    try {
      {
        await using file = await open(temporary, 'wx');
        await file.writeFile(text);
        await file.sync();
      }
      // The names of the files are durable before the name that makes them count.
      for (const each of new Set([...directories.map((path) => this.address(path)), dirname(target), this.#root])) {
        await sync(each);
      }
      await rename(temporary, target);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
    await sync(dirname(target));
  }

  async names(directory: string): Promise<string[]> {
    try {
      return await readdir(this.address(directory));
    } catch (error) {
      if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) {
        return [];
      }
      throw error;
    }
  }

  async files(directory: string): Promise<FileEntry[]> {
    const entries: FileEntry[] = [];
    for (const name of await this.names(directory)) {
      const path = directory === '' ? name : `${directory}/${name}`;
      const found = await stat(this.address(path)).catch(() => undefined);
      if (found?.isDirectory()) {
        entries.push(...(await this.files(path)));
      } else if (found !== undefined) {
        entries.push({ path, sizeBytes: found.size });
      }
    }
    return entries;
  }

  async remove(path: string): Promise<void> {
    await rm(this.address(path), { recursive: true, force: true });
  }

  async #link(source: string, target: string): Promise<boolean> {
    return this.#linksFiles && (await tryLink(source, target));
  }
}

async function makeDirectory(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true });
  } catch {
    // With `recursive`, Node.js says ENOENT for whatever it is, such as a read-only file system.
    await mkdir(path);
  }
}
