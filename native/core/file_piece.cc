#include "file_piece.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <memory>
#include <vector>

#include "rocksdb/env.h"

namespace rockstate {
namespace {

using rocksdb::Slice;
using rocksdb::Status;

constexpr size_t kReadBytes = size_t{256} * 1024;
// Bytes that one step takes, each with a table of its own ("slicing").
constexpr size_t kStride = 16;
constexpr uint32_t kPolynomial = 0xedb88320;

using Tables = std::array<std::array<uint32_t, 256>, kStride>;

// tables[n][b]: what byte b, with n bytes behind it, does to the checksum.
constexpr Tables MakeTables() {
  Tables tables{};
  for (uint32_t byte = 0; byte < 256; byte++) {
    uint32_t value = byte;
    for (int bit = 0; bit < 8; bit++) {
      value = (value & 1) != 0 ? (value >> 1) ^ kPolynomial : value >> 1;
    }
    tables[0][byte] = value;
  }
  for (size_t behind = 1; behind < kStride; behind++) {
    for (size_t byte = 0; byte < 256; byte++) {
      const uint32_t value = tables[behind - 1][byte];
      tables[behind][byte] = (value >> 8) ^ tables[0][value & 0xff];
    }
  }
  return tables;
}

constexpr Tables kTables = MakeTables();

}  // namespace

uint32_t Crc32(uint32_t checksum, const Slice& bytes) {
  uint32_t value = ~checksum;
  const auto* next = reinterpret_cast<const uint8_t*>(bytes.data());
  const uint8_t* const end = next + bytes.size();
  for (; end - next >= static_cast<ptrdiff_t>(kStride); next += kStride) {
    uint32_t folded = 0;
    for (size_t at = 0; at < kStride; at++) {
      // The first four bytes meet the checksum of what was before.
      const uint32_t before = at < sizeof(value) ? (value >> (8 * at)) & 0xff : 0;
      folded ^= kTables[kStride - 1 - at][next[at] ^ before];
    }
    value = folded;
  }
  for (; next != end; next++) {
    value = (value >> 8) ^ kTables[0][(value ^ *next) & 0xff];
  }
  return ~value;
}

Status ReadPiece(const FilePiece& piece, CheckedPiece* result) {
  rocksdb::Env* env = rocksdb::Env::Default();
  std::unique_ptr<rocksdb::RandomAccessFile> file;
  std::unique_ptr<rocksdb::RandomRWFile> copy;
  Status status = env->NewRandomAccessFile(piece.path, &file, rocksdb::EnvOptions());
  if (status.ok() && !piece.copy_path.empty()) {
    status = env->NewRandomRWFile(piece.copy_path, &copy, rocksdb::EnvOptions());
  }
  std::vector<char> scratch(std::min<uint64_t>(kReadBytes, piece.max_bytes));
  result->checksum = piece.checksum;
  while (status.ok() && result->bytes < piece.max_bytes) {
    const uint64_t offset = piece.offset + result->bytes;
    const size_t wanted = std::min<uint64_t>(scratch.size(), piece.max_bytes - result->bytes);
    Slice read;
    status = file->Read(offset, wanted, &read, scratch.data());
    if (!status.ok() || read.empty()) {
      break;
    }
    result->checksum = Crc32(result->checksum, read);
    result->bytes += read.size();
    if (copy != nullptr) {
      status = copy->Write(offset, read);
    }
  }
  if (copy != nullptr) {
    const Status closed = copy->Close();
    status = status.ok() ? closed : status;
  }
  return status;
}

}  // namespace rockstate
