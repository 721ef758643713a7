#include "key_group_output.h"

#include <algorithm>

#include "key_groups.h"
#include "snappy_frames.h"

namespace rockstate {

using rocksdb::Slice;
using rocksdb::Status;

namespace {

constexpr size_t kPieceBytes = size_t{1} << 20;
// A long row grows a buffer that is not to stay that large.
constexpr size_t kKeptBytes = 8 * kPieceBytes;

}  // namespace

Status KeyGroupOutput::Open(const std::string& path, bool compress) {
  compress_ = compress;
  rocksdb::EnvOptions options;
  options.use_mmap_writes = false;
  return rocksdb::Env::Default()->NewWritableFile(path, &file_, options);
}

Status KeyGroupOutput::AppendHeader(const Slice& header) {
  std::string bytes = header.ToString();
  return WriteOut(&bytes);
}

uint64_t KeyGroupOutput::BeginKeyGroup() {
  if (compress_) {
    const uint64_t offset = file_bytes_ + framed_.size();
    AppendStreamIdentifier(&framed_);
    return offset;
  }
  return file_bytes_ + pending_.size();
}

void KeyGroupOutput::BeginState(uint16_t id) { AppendShort(id); }

Status KeyGroupOutput::AppendRow(const Slice& key, const Slice& value) {
  Status status = Drain();
  if (status.ok()) {
    AppendInt(static_cast<uint32_t>(key.size()));
    last_key_ = pending_.size();
    pending_.append(key.data(), key.size());
    AppendInt(static_cast<uint32_t>(value.size()));
    pending_.append(value.data(), value.size());
  }
  return status;
}

Status KeyGroupOutput::BeginLongRow(const Slice& key, uint32_t value_bytes) {
  Status status = AppendRow(key, Slice());
  if (status.ok()) {
    pending_.resize(pending_.size() - sizeof(uint32_t));
    AppendInt(value_bytes);
  }
  return status;
}

Status KeyGroupOutput::AppendPiece(const Slice& piece) {
  pending_.append(piece.data(), piece.size());
  return Drain();
}

void KeyGroupOutput::EndState() {
  pending_[last_key_] = static_cast<char>(pending_[last_key_] | kLastRowFlag);
}

Status KeyGroupOutput::EndKeyGroup() {
  AppendShort(kEndOfKeyGroup);
  return compress_ ? DrainFrames(true) : Drain();
}

Status KeyGroupOutput::Finish() {
  Status status = WriteOut(compress_ ? &framed_ : &pending_);
  if (status.ok()) {
    status = file_->Sync();
  }
  if (status.ok()) {
    status = file_->Close();
  }
  return status;
}

void KeyGroupOutput::AppendShort(uint16_t value) {
  pending_.push_back(static_cast<char>(value >> 8));
  pending_.push_back(static_cast<char>(value));
}

void KeyGroupOutput::AppendInt(uint32_t value) {
  AppendShort(static_cast<uint16_t>(value >> 16));
  AppendShort(static_cast<uint16_t>(value));
}

Status KeyGroupOutput::Drain() {
  if (compress_) {
    return DrainFrames(false);
  }
  return pending_.size() < kPieceBytes ? Status::OK() : WriteOut(&pending_);
}

Status KeyGroupOutput::DrainFrames(bool all) {
  if (!all && pending_.size() < kPieceBytes) {
    return Status::OK();
  }
  size_t begin = 0;
  while (pending_.size() - begin >= kFrameBlockBytes || (all && begin < pending_.size())) {
    const size_t length = std::min(kFrameBlockBytes, pending_.size() - begin);
    AppendFrame(Slice(pending_.data() + begin, length), &framed_);
    begin += length;
  }
  pending_.erase(0, begin);
  return framed_.size() < kPieceBytes ? Status::OK() : WriteOut(&framed_);
}

Status KeyGroupOutput::WriteOut(std::string* bytes) {
  Status status = file_->Append(*bytes);
  file_bytes_ += bytes->size();
  bytes->clear();
  if (bytes->capacity() > kKeptBytes) {
    bytes->shrink_to_fit();
  }
  return status;
}

}  // namespace rockstate
