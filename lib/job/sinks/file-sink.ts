// Writes records to files, which get their names when the checkpoint is complete that has their contents:
//
//   part-<writer>-<number>               complete
//   .part-<writer>-<number>.inprogress   being written, or waiting for its checkpoint
import { randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describe, typeError } from '../../errors.ts';
import type { Sink, SinkWriter, SinkWriterContext } from './sink.ts';

/** How files are written. */
export interface FileSinkOptions<T> {
  /** What is written of a record. Default: its text, or JSON of what is no text, and a line break. */
  readonly encode?: (value: T) => string | Uint8Array;
  /** What the files' names begin with. Default `part`. */
  readonly partPrefix?: string;
  /** What the files' names end in. Default: nothing. */
  readonly partSuffix?: string;
  /** A file of this size is not added to. Default 128 MiB. Files end with each checkpoint in any case. */
  readonly rollSizeBytes?: number;
}

/** A file that waits for its name. */
export interface PendingFile {
  readonly temporary: string;
  readonly final: string;
}

const BUFFER_BYTES = 64 * 1024;
const DEFAULT_ROLL_BYTES = 128 * 1024 * 1024;
const IN_PROGRESS = '.inprogress';

/**
 * Writes records to files of a directory, exactly once: those that are complete hold each record once, whatever fails. It
 * needs checkpoints; without them, files get their names at the end.
 * Each sink needs a directory, or a prefix of names, of its own: what it finds unfinished there it takes for its own.
 *
 * @example
 * ```ts
 * results.sinkTo(new FileSink<string>('/data/results'));
 * ```
 */
export class FileSink<T> implements Sink<T, PendingFile> {
  readonly #directory: string;
  readonly #options: FileSinkOptions<T>;

  /** @throws TypeError `ERR_INVALID_PATH` for what is no path. */
  constructor(directory: string, options: FileSinkOptions<T> = {}) {
    if (typeof directory !== 'string' || directory === '') {
      throw typeError(
        'ERR_INVALID_PATH',
        `The directory of a FileSink must be a path; received ${describe(directory)}.`,
      );
    }
    this.#directory = resolve(directory);
    this.#options = options;
  }

  async createWriter(context: SinkWriterContext<PendingFile>): Promise<SinkWriter<T, PendingFile>> {
    await mkdir(this.#directory, { recursive: true });
    if (context.subtaskIndex === 0) {
      await this.#removeLeftovers(context.restored);
    }
    return new FileWriter(this.#directory, this.#options);
  }

  // No writer has begun a file yet: all are made before the first record.
  async #removeLeftovers(restored: readonly PendingFile[]): Promise<void> {
    const kept = new Set(restored.map(({ temporary }) => temporary));
    const prefix = `.${this.#options.partPrefix ?? 'part'}-`;
    for (const name of await readdir(this.#directory)) {
      if (name.startsWith(prefix) && name.endsWith(IN_PROGRESS) && !kept.has(name)) {
        await rm(join(this.#directory, name), { force: true });
      }
    }
  }
}

class FileWriter<T> implements SinkWriter<T, PendingFile> {
  readonly #directory: string;
  readonly #encode: (value: T) => string | Uint8Array;
  readonly #rollSizeBytes: number;
  readonly #name: (number: number) => string;
  readonly #complete: PendingFile[] = [];
  #number = 0;
  #file: { readonly pending: PendingFile; readonly handle: FileHandle } | undefined;
  #fileBytes = 0;
  #pieces: (string | Uint8Array)[] = [];
  #pieceBytes = 0;

  constructor(directory: string, options: FileSinkOptions<T>) {
    const { encode = line, partPrefix = 'part', partSuffix = '', rollSizeBytes = DEFAULT_ROLL_BYTES } = options;
    const id = randomUUID();
    this.#directory = directory;
    this.#encode = encode;
    this.#rollSizeBytes = rollSizeBytes;
    this.#name = (number) => `${partPrefix}-${id}-${number}${partSuffix}`;
  }

  write(value: T): void | Promise<void> {
    const piece = this.#encode(value);
    this.#pieces.push(piece);
    this.#pieceBytes += piece.length;
    if (this.#pieceBytes >= BUFFER_BYTES) {
      return this.#flush();
    }
  }

  async snapshot(): Promise<readonly PendingFile[]> {
    await this.#flush();
    await this.#finishFile();
    return this.#complete.splice(0);
  }

  async commit(files: readonly PendingFile[]): Promise<void> {
    for (const { temporary, final } of files) {
      const to = join(this.#directory, final);
      try {
        await rename(join(this.#directory, temporary), to);
      } catch (error) {
        // It may have its name already.
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || !(await exists(to))) {
          throw error;
        }
      }
    }
    await syncDirectory(this.#directory);
  }

  async close(): Promise<void> {
    const { pending, handle } = this.#file ?? {};
    this.#file = undefined;
    await handle?.close();
    for (const { temporary } of pending === undefined ? this.#complete : [...this.#complete, pending]) {
      await rm(join(this.#directory, temporary), { force: true });
    }
  }

  async #flush(): Promise<void> {
    if (this.#pieces.length === 0) {
      return;
    }
    const pieces = this.#pieces;
    this.#pieces = [];
    this.#pieceBytes = 0;
    const bytes = Buffer.concat(pieces.map((piece) => (typeof piece === 'string' ? Buffer.from(piece) : piece)));
    this.#file ??= await this.#beginFile();
    await this.#file.handle.appendFile(bytes);
    this.#fileBytes += bytes.length;
    if (this.#fileBytes >= this.#rollSizeBytes) {
      await this.#finishFile();
    }
  }

  async #beginFile(): Promise<{ readonly pending: PendingFile; readonly handle: FileHandle }> {
    const final = this.#name(this.#number++);
    const pending = { temporary: `.${final}${IN_PROGRESS}`, final };
    this.#fileBytes = 0;
    return { pending, handle: await open(join(this.#directory, pending.temporary), 'wx') };
  }

  async #finishFile(): Promise<void> {
    if (this.#file !== undefined) {
      const { handle, pending } = this.#file;
      this.#file = undefined;
      this.#complete.push(pending);
      await handle.sync();
      await handle.close();
    }
  }
}

function line(value: unknown): string {
  return `${typeof value === 'string' ? value : JSON.stringify(value)}\n`;
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
