// Reads and copies files piece by piece, with the CRC-32 (IEEE) that checkpoints keep of theirs.
#pragma once

#include <cstdint>
#include <string>

#include "rocksdb/status.h"

namespace rockstate {

struct FilePiece {
  std::string path;
  uint64_t offset = 0;
  // Fewer are read where the file ends.
  uint64_t max_bytes = 0;
  // Of what is before the piece.
  uint32_t checksum = 0;
  // Where the piece is written to, at the same offset: a file that exists, or nowhere if empty.
  std::string copy_path;
};

struct CheckedPiece {
  uint64_t bytes = 0;
  uint32_t checksum = 0;
};

rocksdb::Status ReadPiece(const FilePiece& piece, CheckedPiece* result);

}  // namespace rockstate
