// Writes key groups in the canonical format (native/core/key_groups.h) from memory: a piece at a time, so that neither memory
// nor the event loop is held for long.
import type { FileHandle } from 'node:fs/promises';
import { DataOutput } from '../bytes/data-output.ts';
import { writeText } from '../heap/byte-text.ts';
import { TimeSlice } from '../heap/time-slice.ts';
import { writeKeyGroup } from '../keys/composite-key.ts';
import { frameBlocks, STREAM_IDENTIFIER } from '../savepoint/snappy-frames.ts';

const PIECE_BYTES = 64 * 1024;
const LAST_ROW_FLAG = 0x80;
const END_OF_KEY_GROUP = 0xffff;

/** How the file is laid out. */
export interface KeyGroupLayout {
  readonly prefixBytes: 1 | 2;
  readonly compress: boolean;
}

export class KeyGroupWriter {
  readonly #output = new DataOutput(new Uint8Array(PIECE_BYTES));
  readonly #file: FileHandle;
  readonly #layout: KeyGroupLayout;
  readonly #signal: AbortSignal;
  readonly #slice = new TimeSlice();
  #writtenBytes = 0;
  #lastKey = 0;

  constructor(file: FileHandle, layout: KeyGroupLayout, signal: AbortSignal) {
    this.#file = file;
    this.#layout = layout;
    this.#signal = signal;
  }

  /** Bytes in the file when all is written that was given up to now. */
  get sizeBytes(): number {
    return this.#writtenBytes + this.#output.position;
  }

  /** Whether it is time to `flush`; what is written then must be settled. */
  get isDue(): boolean {
    return this.#output.position >= PIECE_BYTES || this.#slice.isOver;
  }

  async header(bytes: Uint8Array): Promise<void> {
    await this.#write(bytes);
  }

  /** Answers where in the file the key group begins. */
  async beginKeyGroup(): Promise<number> {
    if (!this.#layout.compress) {
      return this.sizeBytes;
    }
    const begin = this.#writtenBytes;
    await this.#write(STREAM_IDENTIFIER);
    return begin;
  }

  beginState(id: number): void {
    this.#output.writeShort(id);
  }

  /** @param id - of the row behind its key group, as text. */
  row(keyGroup: number, id: string, write: (output: DataOutput) => void): void {
    const output = this.#output;
    output.writeInt(this.#layout.prefixBytes + id.length);
    this.#lastKey = output.position;
    writeKeyGroup(keyGroup, this.#layout.prefixBytes, output);
    writeText(id, output);
    const start = output.position;
    output.writeInt(0);
    write(output);
    const end = output.position;
    output.position = start;
    output.writeInt(end - start - 4);
    output.position = end;
  }

  /** Marks the row written last. */
  endState(): void {
    const { bytes } = this.#output;
    bytes[this.#lastKey] = (bytes[this.#lastKey] as number) | LAST_ROW_FLAG;
  }

  async endKeyGroup(): Promise<void> {
    this.#output.writeShort(END_OF_KEY_GROUP);
    if (this.#layout.compress || this.isDue) {
      await this.flush(true);
    }
  }

  /** Writes what there is; the event loop turns meanwhile. @param all - whether a block begun is to be ended. */
  async flush(all = false): Promise<void> {
    this.#signal.throwIfAborted();
    const output = this.#output;
    const pending = output.bytes.subarray(0, output.position);
    const { bytes, taken } = this.#layout.compress ? frameBlocks(pending, all) : { bytes: pending, taken: pending.length };
    await this.#write(bytes);
    const rest = output.copy(taken);
    output.replace(output.bytes.length > 4 * PIECE_BYTES ? new Uint8Array(2 * PIECE_BYTES) : output.bytes);
    output.position = 0;
    output.writeBytes(rest);
    this.#slice.restart();
  }

  async #write(bytes: Uint8Array): Promise<void> {
    await this.#file.writeFile(bytes);
    this.#writtenBytes += bytes.length;
  }
}
