// Snappy's framing format, which Flink compresses key groups with:
//
//   stream  [ff 06 00 00 "sNaPpY"]{chunk}…, and the same again
//   chunk   [type: 1 byte][length of what follows: 3 bytes, little-endian]
//           [masked CRC-32C of the bytes: 4 bytes, little-endian][bytes: in one Snappy block for type 0, as they are for 1]
//
// Types from 0x80 on may be skipped.

/** What compresses and uncompresses one block. */
export interface SnappyCodec {
  compress(bytes: Uint8Array): Uint8Array;
  /** @throws when the block is damaged. */
  uncompress(block: Uint8Array): Uint8Array;
}

export const COMPRESSED = 0x00;
export const UNCOMPRESSED = 0x01;
export const FIRST_SKIPPABLE = 0x80;
export const IDENTIFIER = 0xff;
/** The content of a stream's identifier. */
export const IDENTIFIER_TEXT: Uint8Array = new TextEncoder().encode('sNaPpY');
export const CHUNK_HEADER_BYTES = 4;
export const CRC_BYTES = 4;
/** The most bytes in a chunk, uncompressed. */
export const MAX_BLOCK_BYTES = 65_536;
/** A block of Snappy takes no more for so many bytes. */
export const MAX_COMPRESSED_BYTES: number = 32 + MAX_BLOCK_BYTES + Math.ceil(MAX_BLOCK_BYTES / 6);
/** A block that stays larger than this part of it is stored as it is. */
export const WORTHWHILE_RATIO = 0.85;
