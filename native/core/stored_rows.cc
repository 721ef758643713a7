#include "stored_rows.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace rockstate {

using rocksdb::Status;

namespace {

constexpr size_t kPieceBytes = size_t{256} << 10;
constexpr int32_t kMagic = 0x524b4831;
constexpr int32_t kVersion = 1;
constexpr int32_t kEnd = -1;

}  // namespace

Status StoredRows::Open(const std::string& path) {
  path_ = path;
  scratch_.resize(kPieceBytes);
  int32_t magic = 0;
  int32_t version = 0;
  Status status = rocksdb::Env::Default()->NewSequentialFile(path, &file_, rocksdb::EnvOptions());
  if (status.ok()) {
    status = TakeInt(&magic);
  }
  if (status.ok()) {
    status = TakeInt(&version);
  }
  if (status.ok() && (magic != kMagic || version != kVersion)) {
    status = Damaged("begins with other bytes");
  }
  return status;
}

Status StoredRows::NextState(int32_t* id, int32_t* rows) {
  Status status = TakeInt(id);
  if (status.ok() && *id != kEnd) {
    status = TakeInt(rows);
  }
  return status;
}

Status StoredRows::NextRow(std::string* id, std::string* value) {
  Status status = TakeBytes(id);
  return status.ok() ? TakeBytes(value) : status;
}

Status StoredRows::TakeInt(int32_t* value) {
  std::array<char, sizeof(int32_t)> bytes{};
  Status status = Take(bytes.size(), bytes.data());
  uint32_t bits = 0;
  for (const char byte : bytes) {
    bits = (bits << 8) | static_cast<uint8_t>(byte);
  }
  *value = static_cast<int32_t>(bits);
  return status;
}

Status StoredRows::TakeBytes(std::string* bytes) {
  int32_t length = 0;
  Status status = TakeInt(&length);
  if (status.ok() && length < 0) {
    status = Damaged("has a negative length");
  }
  bytes->clear();
  // A forged length must not take the memory that it says.
  for (size_t left = static_cast<size_t>(std::max(length, 0)); status.ok() && left > 0;) {
    const size_t count = std::min(left, kPieceBytes);
    const size_t begin = bytes->size();
    bytes->resize(begin + count);
    status = Take(count, bytes->data() + begin);
    left -= count;
  }
  return status;
}

Status StoredRows::Take(size_t count, char* to) {
  while (count > 0) {
    if (piece_.empty()) {
      Status status = NextPiece();
      if (!status.ok()) {
        return status;
      }
    }
    const size_t length = std::min(count, piece_.size());
    std::memcpy(to, piece_.data(), length);
    piece_.remove_prefix(length);
    to += length;
    count -= length;
  }
  return Status::OK();
}

Status StoredRows::NextPiece() {
  Status status = file_->Read(scratch_.size(), &piece_, scratch_.data());
  return status.ok() && piece_.empty() ? Damaged("ends early") : status;
}

Status StoredRows::Damaged(const std::string& how) const {
  return Status::Corruption("the rows at " + path_, how);
}

}  // namespace rockstate
