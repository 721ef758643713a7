// CRC-32 (IEEE), as zlib has it.
#pragma once

#include <cstdint>

#include "rocksdb/slice.h"

namespace rockstate {

// Goes on from the checksum of what was before: 0 at the beginning.
uint32_t Crc32(uint32_t checksum, const rocksdb::Slice& bytes);

}  // namespace rockstate
