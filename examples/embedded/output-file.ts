// A file of results, of which exactly what the state knows of counts: after a restore it is cut to its length at the checkpoint.
import { type FileHandle, open } from 'node:fs/promises';

export class OutputFile {
  readonly #file: FileHandle;
  #length: number;
  #lines: string[] = [];

  private constructor(file: FileHandle, length: number) {
    this.#file = file;
    this.#length = length;
  }

  /** @param length - bytes that are kept. */
  static async open(path: string, length: number): Promise<OutputFile> {
    const file = await open(path, length === 0 ? 'w' : 'r+');
    await file.truncate(length);
    return new OutputFile(file, length);
  }

  add(value: unknown): void {
    this.#lines.push(`${JSON.stringify(value)}\n`);
  }

  /** Writes what was added, and answers the length of the file. */
  async sync(): Promise<number> {
    const bytes = Buffer.from(this.#lines.join(''));
    this.#lines = [];
    await this.#file.write(bytes, 0, bytes.length, this.#length);
    await this.#file.sync();
    this.#length += bytes.length;
    return this.#length;
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}
