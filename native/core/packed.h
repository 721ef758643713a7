// Packed pages: the layout in which many keys and values cross the border to JavaScript in one
// call.
//
//   entry of a scan page:     [u32 key length][u32 value length][key][value]
//   key of a multi-get:       [u32 length][key]
//   result of a multi-get:    [i32 length][value]; or the length is -1 = absent, -2 = too long to
//   be
//                             read at once, -3 = left out, as the values before are long: ask again
//
// Integers are in the machine's byte order (little-endian on every platform Node runs RocksDB on).
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "rocksdb/slice.h"

namespace rockstate {

constexpr size_t kPackedLengthBytes = sizeof(uint32_t);
constexpr int32_t kAbsent = -1;
constexpr int32_t kTooLong = -2;
constexpr int32_t kLeftOut = -3;

inline void StoreLength(uint8_t* target, uint32_t length) {
  std::memcpy(target, &length, kPackedLengthBytes);
}

inline void AppendPacked(int32_t length, const rocksdb::Slice& bytes, std::string* packed) {
  packed->append(reinterpret_cast<const char*>(&length), kPackedLengthBytes);
  packed->append(bytes.data(), bytes.size());
}

// Splits a multi-get's packed keys; false when the lengths do not fit the bytes.
inline bool UnpackKeys(const rocksdb::Slice& packed, std::vector<rocksdb::Slice>* keys) {
  size_t position = 0;
  while (position < packed.size()) {
    if (packed.size() - position < kPackedLengthBytes) {
      return false;
    }
    uint32_t length = 0;
    std::memcpy(&length, packed.data() + position, kPackedLengthBytes);
    position += kPackedLengthBytes;
    if (packed.size() - position < length) {
      return false;
    }
    keys->emplace_back(packed.data() + position, length);
    position += length;
  }
  return true;
}

}  // namespace rockstate
