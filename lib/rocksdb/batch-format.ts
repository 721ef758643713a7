// The format of RocksDB's write batches:
//
//   [sequence: 8 bytes, 0][count: u32 little-endian] then per record
//   [tag: u8][column family: varint][key length: varint][key] and, except for a deletion, [length: varint][bytes]

/** Of the sequence and the count. */
export const HEADER_BYTES = 12;
export const COUNT_OFFSET = 8;

// RocksDB's record types for families other than the default; with family 0 they mean the default.
export const TAG_DELETE = 0x04;
export const TAG_PUT = 0x05;
export const TAG_MERGE = 0x06;
export const TAG_DELETE_RANGE = 0x0e;
