// Reads a part of a file of key groups piece by piece, uncompressing it where it is compressed. A
// length is believed only as far as there are bytes.
#pragma once

#include <cstdint>
#include <string>

#include "rocksdb/env.h"
#include "rocksdb/slice.h"

namespace rockstate {

class KeyGroupInput {
 public:
  KeyGroupInput(const rocksdb::RandomAccessFile* file, bool compressed)
      : file_(file), compressed_(compressed) {}

  // Begins a part; `end` is within the file.
  void Start(uint64_t begin, uint64_t end);

  // The next bytes, until the next call. Corruption when there are fewer.
  rocksdb::Status Take(size_t count, rocksdb::Slice* bytes);
  rocksdb::Status TakeShort(uint16_t* value);
  // A length and as many bytes, of which there are at most `limit`.
  rocksdb::Status TakeSized(size_t limit, rocksdb::Slice* bytes);
  rocksdb::Status SkipSized(size_t limit);

  // Corruption unless the part ends here.
  rocksdb::Status CheckEnd();
  // Where in the file what was read last may be found.
  uint64_t position() const { return position_; }

 private:
  rocksdb::Status TakeLength(size_t limit, size_t* length);
  // Makes `piece_` the bytes that follow; empty at the end of the part.
  rocksdb::Status NextPiece();
  rocksdb::Status NextBlock();
  rocksdb::Status ReadFile(size_t count, rocksdb::Slice* bytes);
  rocksdb::Status EndsEarly() const;

  const rocksdb::RandomAccessFile* file_;
  bool compressed_;
  // The part of the file that was not read yet.
  uint64_t position_ = 0;
  uint64_t end_ = 0;
  std::string scratch_;
  std::string block_;
  // Bytes that were read and not taken.
  rocksdb::Slice piece_;
  // What did not lie in one piece.
  std::string gathered_;
};

}  // namespace rockstate
