// The Snappy framing format, in which Flink compresses the key groups of a savepoint.
//
//   stream:  [ff 06 00 00 "sNaPpY"] then chunks
//   chunk:   [type: u8][length: u24, little-endian][masked CRC-32C of the data: u32][data]
//
// Type 00 holds compressed data, 01 plain; neither comes to more than 64 KiB uncompressed.
#pragma once

#include <string>

#include "rocksdb/slice.h"
#include "rocksdb/status.h"

namespace rockstate {

constexpr size_t kFrameBlockBytes = size_t{64} * 1024;

// Begins a stream.
void AppendStreamIdentifier(std::string* stream);
// `block` has at most kFrameBlockBytes.
void AppendFrame(const rocksdb::Slice& block, std::string* stream);

constexpr size_t kChunkHeaderBytes = 4;

struct ChunkHeader {
  uint8_t type = 0;
  // Of what follows.
  size_t length = 0;
};

// `bytes` has kChunkHeaderBytes. Refuses lengths that no chunk can have.
rocksdb::Status ReadChunkHeader(const rocksdb::Slice& bytes, ChunkHeader* header);
// Answers the data of a chunk in `block`, which stays empty for one that holds none.
rocksdb::Status ReadChunk(const ChunkHeader& header, const rocksdb::Slice& body,
                          std::string* block);

}  // namespace rockstate
