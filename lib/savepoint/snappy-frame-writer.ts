// Compresses into Snappy's framing format; snappy-format.ts has the layout.
import { maskedCrc32c } from './crc32c.ts';
import {
  CHUNK_HEADER_BYTES,
  COMPRESSED,
  CRC_BYTES,
  IDENTIFIER,
  IDENTIFIER_TEXT,
  MAX_BLOCK_BYTES,
  type SnappyCodec,
  UNCOMPRESSED,
  WORTHWHILE_RATIO,
} from './snappy-format.ts';

/** What a stream begins with. */
export const STREAM_IDENTIFIER: Uint8Array = Buffer.concat([
  Uint8Array.of(IDENTIFIER, IDENTIFIER_TEXT.length, 0, 0),
  IDENTIFIER_TEXT,
]);

/** The chunks of some bytes, to be appended to a stream. */
export function compressChunks(bytes: Uint8Array, codec: SnappyCodec): Uint8Array {
  const chunks: Uint8Array[] = [];
  for (let start = 0; start < bytes.length; start += MAX_BLOCK_BYTES) {
    chunks.push(chunkOf(bytes.subarray(start, start + MAX_BLOCK_BYTES), codec));
  }
  return Buffer.concat(chunks);
}

/** A whole stream. */
export function compressFrames(bytes: Uint8Array, codec: SnappyCodec): Uint8Array {
  return Buffer.concat([STREAM_IDENTIFIER, compressChunks(bytes, codec)]);
}

function chunkOf(block: Uint8Array, codec: SnappyCodec): Uint8Array {
  const compressed = codec.compress(block);
  const isWorthwhile = compressed.length <= block.length * WORTHWHILE_RATIO;
  const data = isWorthwhile ? compressed : block;
  const chunk = Buffer.alloc(CHUNK_HEADER_BYTES + CRC_BYTES + data.length);
  chunk[0] = isWorthwhile ? COMPRESSED : UNCOMPRESSED;
  chunk.writeUIntLE(CRC_BYTES + data.length, 1, 3);
  chunk.writeUInt32LE(maskedCrc32c(block), CHUNK_HEADER_BYTES);
  chunk.set(data, CHUNK_HEADER_BYTES + CRC_BYTES);
  return chunk;
}
