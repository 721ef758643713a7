#include "key_group_input.h"

#include <algorithm>

#include "snappy_frames.h"

namespace rockstate {

using rocksdb::Slice;
using rocksdb::Status;

namespace {

constexpr size_t kPieceBytes = size_t{1} << 20;
constexpr size_t kKeptBytes = 8 * kPieceBytes;
constexpr size_t kIntBytes = 4;

}  // namespace

void KeyGroupInput::Start(uint64_t begin, uint64_t end) {
  position_ = begin;
  end_ = end;
  piece_.clear();
}

Status KeyGroupInput::Take(size_t count, Slice* bytes) {
  if (count <= piece_.size()) {
    *bytes = Slice(piece_.data(), count);
    piece_.remove_prefix(count);
    return Status::OK();
  }
  gathered_.clear();
  if (gathered_.capacity() > kKeptBytes && count < kKeptBytes) {
    gathered_.shrink_to_fit();
  }
  if (!compressed_ && count - piece_.size() > end_ - position_) {
    return EndsEarly();
  }
  while (gathered_.size() < count) {
    if (piece_.empty()) {
      Status status = NextPiece();
      if (!status.ok()) {
        return status;
      }
      if (piece_.empty()) {
        return EndsEarly();
      }
    }
    const size_t length = std::min(count - gathered_.size(), piece_.size());
    gathered_.append(piece_.data(), length);
    piece_.remove_prefix(length);
  }
  *bytes = gathered_;
  return Status::OK();
}

Status KeyGroupInput::TakeShort(uint16_t* value) {
  Slice bytes;
  Status status = Take(sizeof(uint16_t), &bytes);
  if (status.ok()) {
    *value = static_cast<uint16_t>((static_cast<uint8_t>(bytes[0]) << 8) |
                                   static_cast<uint8_t>(bytes[1]));
  }
  return status;
}

Status KeyGroupInput::TakeSized(size_t limit, Slice* bytes) {
  size_t length = 0;
  const Status status = TakeLength(limit, &length);
  return status.ok() ? Take(length, bytes) : status;
}

Status KeyGroupInput::SkipSized(size_t limit) {
  size_t left = 0;
  Status status = TakeLength(limit, &left);
  while (status.ok() && left > 0) {
    Slice bytes;
    const size_t length = std::min(left, kPieceBytes);
    status = Take(length, &bytes);
    left -= length;
  }
  return status;
}

Status KeyGroupInput::CheckEnd() {
  Status status;
  if (piece_.empty()) {
    status = NextPiece();
  }
  if (status.ok() && !piece_.empty()) {
    status = Status::Corruption("bytes follow its end, before " + std::to_string(end_));
  }
  return status;
}

Status KeyGroupInput::TakeLength(size_t limit, size_t* length) {
  Slice bytes;
  Status status = Take(kIntBytes, &bytes);
  if (!status.ok()) {
    return status;
  }
  uint32_t value = 0;
  for (size_t i = 0; i < kIntBytes; ++i) {
    value = (value << 8) | static_cast<uint8_t>(bytes[i]);
  }
  if (value > limit) {
    return Status::Corruption("a length of " + std::to_string(static_cast<int32_t>(value)) +
                              " near offset " + std::to_string(position_ - piece_.size()) +
                              ", where at most " + std::to_string(limit) + " is possible");
  }
  *length = value;
  return Status::OK();
}

Status KeyGroupInput::NextPiece() {
  return compressed_ ? NextBlock() : ReadFile(kPieceBytes, &piece_);
}

Status KeyGroupInput::NextBlock() {
  piece_.clear();
  while (position_ < end_) {
    Slice bytes;
    Status status = ReadFile(kChunkHeaderBytes, &bytes);
    if (status.ok() && bytes.size() < kChunkHeaderBytes) {
      status = EndsEarly();
    }
    ChunkHeader header;
    if (status.ok()) {
      status = ReadChunkHeader(bytes, &header);
    }
    if (status.ok() && header.length > end_ - position_) {
      status = EndsEarly();
    }
    if (status.ok()) {
      status = ReadFile(header.length, &bytes);
    }
    if (status.ok()) {
      status = ReadChunk(header, bytes, &block_);
    }
    if (!status.ok() || !block_.empty()) {
      piece_ = block_;
      return status;
    }
  }
  return Status::OK();
}

// Fewer bytes at the end of the part.
Status KeyGroupInput::ReadFile(size_t count, Slice* bytes) {
  const auto length = static_cast<size_t>(std::min(uint64_t{count}, end_ - position_));
  bytes->clear();
  if (length == 0) {
    return Status::OK();
  }
  if (scratch_.size() < length) {
    scratch_.resize(length);
  }
  Status status = file_->Read(position_, length, bytes, scratch_.data());
  position_ += bytes->size();
  if (status.ok() && bytes->size() < length) {
    status = EndsEarly();
  }
  return status;
}

Status KeyGroupInput::EndsEarly() const {
  return Status::Corruption("it ends early, at offset " + std::to_string(end_));
}

}  // namespace rockstate
