// Uncompresses Snappy's framing format, from chunks of any size. Memory: one block, and one chunk.
import { SavepointFormatError } from '../errors.ts';
import { ByteQueue } from './byte-queue.ts';
import { maskedCrc32c } from './crc32c.ts';
import {
  CHUNK_HEADER_BYTES,
  COMPRESSED,
  CRC_BYTES,
  FIRST_SKIPPABLE,
  IDENTIFIER,
  IDENTIFIER_TEXT,
  MAX_BLOCK_BYTES,
  MAX_COMPRESSED_BYTES,
  type SnappyCodec,
  UNCOMPRESSED,
} from './snappy-format.ts';

/** What is read, for messages. */
export interface FramedSource {
  readonly source: string;
  /** Where the stream begins in the source. */
  readonly offset: number;
}

/** A pull parser: `push` chunks, call `next` until it answers undefined, and so on; `finish` at the end. */
export class SnappyFrameReader {
  readonly #codec: SnappyCodec;
  readonly #source: FramedSource;
  readonly #queue = new ByteQueue();

  constructor(codec: SnappyCodec, source: FramedSource) {
    this.#codec = codec;
    this.#source = source;
  }

  /** Adds bytes, which must not change before they were read. */
  push(chunk: Uint8Array): void {
    this.#queue.push(chunk);
  }

  /**
   * The next bytes, uncompressed, up to 64 KiB; undefined when more are needed.
   *
   * @throws SavepointFormatError when they are damaged.
   */
  next(): Uint8Array | undefined {
    const queue = this.#queue;
    while (queue.has(CHUNK_HEADER_BYTES)) {
      const type = queue.byteAt(0);
      const length = queue.byteAt(1) | (queue.byteAt(2) << 8) | (queue.byteAt(3) << 16);
      this.#checkHeader(type, length);
      if (!queue.has(CHUNK_HEADER_BYTES + length)) {
        return undefined;
      }
      queue.skip(CHUNK_HEADER_BYTES);
      const bytes = this.#readChunk(type, queue.take(length));
      if (bytes !== undefined) {
        return bytes;
      }
    }
    return undefined;
  }

  /** @throws SavepointFormatError when the bytes have ended within a chunk. */
  finish(): void {
    if (this.#queue.length > 0) {
      this.#fail(`the bytes end within a chunk, of which ${this.#queue.length} have come`);
    }
  }

  #checkHeader(type: number, length: number): void {
    if (type > UNCOMPRESSED && type < FIRST_SKIPPABLE) {
      this.#fail(`chunks of type ${type} are not known`);
    }
    const most = type === COMPRESSED ? MAX_COMPRESSED_BYTES : MAX_BLOCK_BYTES;
    if (type <= UNCOMPRESSED && (length < CRC_BYTES || length > CRC_BYTES + most)) {
      this.#fail(`a chunk can not have ${length} bytes`);
    }
  }

  #readChunk(type: number, content: Uint8Array): Uint8Array | undefined {
    if (type === IDENTIFIER) {
      if (Buffer.compare(content, IDENTIFIER_TEXT) !== 0) {
        this.#fail('its identifier is not that of Snappy');
      }
      return undefined;
    }
    if (type >= FIRST_SKIPPABLE) {
      return undefined;
    }
    const data = content.subarray(CRC_BYTES);
    const bytes = type === COMPRESSED ? this.#uncompress(data) : data;
    const stored = new DataView(content.buffer, content.byteOffset).getUint32(0, true);
    if (maskedCrc32c(bytes) !== stored) {
      this.#fail('the checksum of a chunk is wrong');
    }
    return bytes;
  }

  #uncompress(block: Uint8Array): Uint8Array {
    const length = uncompressedLength(block);
    if (length === undefined || length > MAX_BLOCK_BYTES) {
      this.#fail(`a block can not have ${length ?? 'so many'} bytes`);
    }
    try {
      return this.#codec.uncompress(block);
    } catch (cause) {
      return this.#fail(`a block is damaged: ${(cause as Error).message}`, cause);
    }
  }

  #fail(reason: string, cause?: unknown): never {
    const { source, offset } = this.#source;
    const place = { source, offset: offset + this.#queue.taken, field: 'compressed bytes' };
    throw new SavepointFormatError(`${reason}.`, place, { cause });
  }
}

/** All that is in the chunks; the last must be whole. The stream's identifier may be missing, as within operator state. */
export function uncompressFrames(bytes: Uint8Array, codec: SnappyCodec, source: FramedSource): Uint8Array {
  const reader = new SnappyFrameReader(codec, source);
  reader.push(bytes);
  const blocks: Uint8Array[] = [];
  for (let block = reader.next(); block !== undefined; block = reader.next()) {
    blocks.push(block);
  }
  reader.finish();
  return Buffer.concat(blocks);
}

// The varint that a block begins with; undefined when it is longer than 32 bits.
function uncompressedLength(block: Uint8Array): number | undefined {
  let length = 0;
  for (let i = 0; i < 5; i++) {
    const byte = block[i];
    if (byte === undefined) {
      return undefined;
    }
    length += (byte & 0x7f) * 2 ** (7 * i);
    if (byte < 0x80) {
      return length;
    }
  }
  return undefined;
}
