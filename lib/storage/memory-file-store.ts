// Files of checkpoints in the memory of the process.
import { randomUUID } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { CheckpointError } from '../errors.ts';
import type { FileSummary } from './checked-copy.ts';
import type { FileEntry, FileStore, FileUpload } from './file-store.ts';

export class MemoryFileStore implements FileStore {
  readonly #root = `memory:${randomUUID()}`;
  readonly #maxFileBytes: number;
  readonly #files = new Map<string, Buffer>();

  constructor(maxFileBytes: number) {
    this.#maxFileBytes = maxFileBytes;
  }

  address(path = ''): string {
    return path === '' ? this.#root : `${this.#root}/${path}`;
  }

  async upload(localPath: string, path: string, { signal }: FileUpload = {}): Promise<FileSummary> {
    signal?.throwIfAborted();
    const bytes = await readFile(localPath);
    signal?.throwIfAborted();
    if (bytes.length > this.#maxFileBytes) {
      throw new CheckpointError(
        `File ${path} of ${bytes.length} bytes is larger than the ${this.#maxFileBytes} bytes that this storage keeps in ` +
          'memory. A FileSystemCheckpointStorage has no such limit.',
      );
    }
    this.#files.set(path, bytes);
    return summaryOf(bytes);
  }

  async download(path: string, localPath: string, signal?: AbortSignal): Promise<FileSummary> {
    signal?.throwIfAborted();
    const bytes = this.#find(path);
    await writeFile(localPath, bytes, { flag: 'wx' });
    return summaryOf(bytes);
  }

  async inspect(path: string): Promise<FileSummary> {
    return summaryOf(this.#find(path));
  }

  async readText(path: string): Promise<string> {
    return this.#find(path).toString('utf8');
  }

  async commitText(path: string, text: string): Promise<void> {
    this.#files.set(path, Buffer.from(text));
  }

  async names(directory: string): Promise<string[]> {
    const prefix = prefixOf(directory);
    const below = [...this.#files.keys()].filter((path) => path.startsWith(prefix));
    return [...new Set(below.map((path) => path.slice(prefix.length).split('/')[0] ?? ''))];
  }

  async files(directory: string): Promise<FileEntry[]> {
    return Array.from(this.#files, ([path, bytes]) => ({ path, sizeBytes: bytes.length })).filter(({ path }) =>
      path.startsWith(prefixOf(directory)),
    );
  }

  async remove(path: string): Promise<void> {
    for (const each of [...this.#files.keys()]) {
      if (each === path || each.startsWith(`${path}/`)) {
        this.#files.delete(each);
      }
    }
  }

  #find(path: string): Buffer {
    const bytes = this.#files.get(path);
    if (bytes === undefined) {
      throw new Error(`There is no ${path} in memory; what is there ends with the process.`);
    }
    return bytes;
  }
}

function prefixOf(directory: string): string {
  return directory === '' ? '' : `${directory}/`;
}

function summaryOf(bytes: Buffer): FileSummary {
  return { sizeBytes: bytes.length, crc32: crc32(bytes) };
}
