// Reads a file in parts of one size, computing the checksum of the whole on the way.
import type { FileHandle } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import type { FileSummary } from './checked-copy.ts';

// Small enough that the checksum of one does not hold up the event loop.
const PIECE_BYTES = 256 * 1024;

export class PartReader {
  readonly #input: FileHandle;
  #sizeBytes = 0;
  #crc32 = 0;
  #previous: Promise<unknown> = Promise.resolve();

  constructor(input: FileHandle) {
    this.#input = input;
  }

  /** Of what has been read. */
  get summary(): FileSummary {
    return { sizeBytes: this.#sizeBytes, crc32: this.#crc32 };
  }

  /** Fills a buffer with what comes next. Answers the part of it that was filled. Parts come in the order of the calls. */
  next(buffer: Buffer): Promise<Buffer> {
    const part = this.#previous.then(() => this.#fill(buffer));
    this.#previous = part.catch(() => {});
    return part;
  }

  async #fill(buffer: Buffer): Promise<Buffer> {
    let filled = 0;
    while (filled < buffer.length) {
      const { bytesRead } = await this.#input.read(buffer, filled, Math.min(PIECE_BYTES, buffer.length - filled));
      if (bytesRead === 0) {
        break;
      }
      this.#crc32 = crc32(buffer.subarray(filled, filled + bytesRead), this.#crc32);
      filled += bytesRead;
    }
    this.#sizeBytes += filled;
    return buffer.subarray(0, filled);
  }
}
