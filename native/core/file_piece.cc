#include "file_piece.h"

#include <algorithm>
#include <cstddef>
#include <memory>
#include <vector>

#include "crc32.h"
#include "rocksdb/env.h"

namespace rockstate {
namespace {

using rocksdb::Slice;
using rocksdb::Status;

constexpr size_t kReadBytes = size_t{256} * 1024;

}  // namespace

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
