// Writes the keyed state of a subtask as a file in the canonical format, piece by piece.
import { open } from 'node:fs/promises';
import type { KeyGroupRange } from '../api/checkpoint.ts';
import { DataOutput } from '../bytes/data-output.ts';
import type { PartRow } from '../inspect/keyed-part.ts';
import { keyGroupPrefixBytes, writeKeyGroup } from '../keys/composite-key.ts';
import { CanonicalRowWriter } from '../savepoint/canonical-row-writer.ts';
import { writeKeyedHeader } from '../savepoint/keyed-header.ts';
import { nativeSnappy } from '../savepoint/native-snappy.ts';
import { compressChunks, STREAM_IDENTIFIER } from '../savepoint/snappy-frame-writer.ts';
import { type KeyedSource, rowsOf } from './keyed-source.ts';

const PIECE_BYTES = 64 * 1024;

/** What is written. */
export interface KeyedFile {
  readonly source: KeyedSource;
  readonly range: KeyGroupRange;
  readonly compress: boolean;
}

/** What was written. */
export interface WrittenKeyedFile {
  /** Where each key group of the range begins; 0 for one without rows. */
  readonly offsets: readonly number[];
  readonly sizeBytes: number;
  readonly rows: number;
}

/** The pieces of a file, which are put into it; what was written is known when they have ended. */
export class KeyedFileWriter {
  readonly #file: KeyedFile;
  readonly #rows = new CanonicalRowWriter();
  readonly #offsets: number[];
  readonly #prefixBytes: 1 | 2;
  #writtenBytes = 0;
  #rowCount = 0;

  constructor(file: KeyedFile) {
    this.#file = file;
    this.#offsets = new Array(file.range.end - file.range.start + 1).fill(0);
    this.#prefixBytes = keyGroupPrefixBytes(file.source.maxParallelism);
  }

  async write(path: string): Promise<WrittenKeyedFile> {
    await using file = await open(path, 'wx');
    for await (const piece of this.#pieces()) {
      await file.writeFile(piece);
      this.#writtenBytes += piece.length;
    }
    await file.sync();
    return { offsets: this.#offsets, sizeBytes: this.#writtenBytes, rows: this.#rowCount };
  }

  async *#pieces(): AsyncGenerator<Uint8Array, void> {
    const { source, range, compress } = this.#file;
    const output = new DataOutput();
    writeKeyedHeader({ compressed: compress, key: source.key, states: source.states }, output);
    yield output.copy();
    let keyGroup = -1;
    for await (const row of rowsOf(source, range)) {
      if (row.keyGroup !== keyGroup) {
        yield* this.#endKeyGroup(keyGroup);
        keyGroup = row.keyGroup;
        yield* this.#beginKeyGroup(keyGroup);
      }
      this.#writeRow(row);
      if (this.#rows.length >= PIECE_BYTES) {
        yield this.#drain();
      }
    }
    yield* this.#endKeyGroup(keyGroup);
  }

  *#beginKeyGroup(keyGroup: number): Generator<Uint8Array, void> {
    this.#offsets[keyGroup - this.#file.range.start] = this.#writtenBytes;
    if (this.#file.compress) {
      yield STREAM_IDENTIFIER;
    }
  }

  // Each key group is drained, so that the next one's offset is what was written.
  *#endKeyGroup(keyGroup: number): Generator<Uint8Array, void> {
    if (keyGroup >= 0) {
      this.#rows.endKeyGroup();
      yield this.#drain();
    }
  }

  #writeRow({ stateId, keyGroup, key, value }: PartRow): void {
    const output = new DataOutput(new Uint8Array(this.#prefixBytes + key.length));
    writeKeyGroup(keyGroup, this.#prefixBytes, output);
    output.writeBytes(key);
    this.#rows.writeRow({ stateId, key: output.bytes, value });
    this.#rowCount++;
  }

  #drain(): Uint8Array {
    const bytes = this.#rows.drain();
    return this.#file.compress ? compressChunks(bytes, nativeSnappy) : bytes;
  }
}
