// Writes key groups in the canonical format, row by row: a piece at a time, so that neither memory nor the event loop is held
// for long.
import type { FileHandle } from 'node:fs/promises';
import { DataOutput } from '../bytes/data-output.ts';
import { writeText } from '../heap/byte-text.ts';
import { TimeSlice } from '../heap/time-slice.ts';
import { rowKeyOf, writeKeyGroup } from '../keys/composite-key.ts';
import { CanonicalRowWriter } from '../savepoint/canonical-row-writer.ts';
import { nativeSnappy } from '../savepoint/native-snappy.ts';
import { compressChunks, STREAM_IDENTIFIER } from '../savepoint/snappy-frame-writer.ts';

const PIECE_BYTES = 64 * 1024;

/** How the file is laid out. */
export interface KeyGroupLayout {
  readonly prefixBytes: 1 | 2;
  readonly compress: boolean;
}

/** Of which row a value is. */
export interface RowPlace {
  /** The state's place in the header. */
  readonly stateId: number;
  readonly keyGroup: number;
  /** What follows the key group in the row's key, as text. */
  readonly id: string;
}

/** A row as it is in a database. */
export interface RowToWrite extends Omit<RowPlace, 'id'> {
  /** What follows the key group in the row's key. */
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

export class KeyGroupWriter {
  readonly #rows = new CanonicalRowWriter();
  readonly #key = new DataOutput();
  readonly #value = new DataOutput();
  readonly #file: FileHandle;
  readonly #layout: KeyGroupLayout;
  readonly #signal: AbortSignal | undefined;
  readonly #slice = new TimeSlice();
  #writtenBytes = 0;

  constructor(file: FileHandle, layout: KeyGroupLayout, signal?: AbortSignal) {
    this.#file = file;
    this.#layout = layout;
    this.#signal = signal;
  }

  /** Bytes in the file when all is written that was given up to now. */
  get sizeBytes(): number {
    return this.#writtenBytes + this.#rows.length;
  }

  /** Whether a whole piece waits. */
  get isFull(): boolean {
    return this.#rows.length >= PIECE_BYTES;
  }

  /** Whether it is time to `flush`, for one who holds the event loop between rows. */
  get isDue(): boolean {
    return this.isFull || this.#slice.isOver;
  }

  async writeHeader(bytes: Uint8Array): Promise<void> {
    await this.#write(bytes);
  }

  /** Answers where in the file the key group begins. */
  async beginKeyGroup(): Promise<number> {
    const begin = this.sizeBytes;
    if (this.#layout.compress) {
      await this.#write(STREAM_IDENTIFIER);
    }
    return begin;
  }

  writeRow({ stateId, keyGroup, key, value }: RowToWrite): void {
    this.#rows.writeRow({ stateId, key: rowKeyOf(keyGroup, key, this.#layout.prefixBytes), value });
  }

  /** Writes a row whose value is still to be serialized. */
  serializeRow({ stateId, keyGroup, id }: RowPlace, write: (output: DataOutput) => void): void {
    const key = this.#key;
    const value = this.#value;
    key.position = 0;
    value.position = 0;
    writeKeyGroup(keyGroup, this.#layout.prefixBytes, key);
    writeText(id, key);
    write(value);
    this.#rows.writeRow({
      stateId,
      key: key.bytes.subarray(0, key.position),
      value: value.bytes.subarray(0, value.position),
    });
  }

  async endKeyGroup(): Promise<void> {
    this.#rows.endKeyGroup();
    if (this.#layout.compress || this.isDue) {
      await this.flush();
    }
  }

  /** Writes what can't change any more; the event loop turns meanwhile. */
  async flush(): Promise<void> {
    this.#signal?.throwIfAborted();
    const bytes = this.#rows.drain();
    await this.#write(this.#layout.compress ? compressChunks(bytes, nativeSnappy) : bytes);
    this.#slice.restart();
  }

  async #write(bytes: Uint8Array): Promise<void> {
    await this.#file.writeFile(bytes);
    this.#writtenBytes += bytes.length;
  }
}
