#include "stored_value.h"

#include <algorithm>
#include <cstring>

#include "list_merge.h"
#include "point.h"

namespace rockstate {
namespace {

using rocksdb::PinnableSlice;
using rocksdb::Slice;
using rocksdb::Status;

// Enough for most lists that are read in pieces; for others RocksDB says how many it takes.
constexpr int kLikelyOperands = 128;

// The value, or its operands when they are too long to be joined.
Status ReadPieces(const ColumnFamily& family, const Snapshot* snapshot, const Slice& key,
                  std::vector<PinnableSlice>* pieces) {
  const Db& db = *family.db();
  const rocksdb::ReadOptions& options = ReadOptionsOf(db, snapshot);
  const MergeScope scope(MergePurpose::kStore);
  pieces->resize(1);
  Status status = db.rocks()->Get(options, family.handle(), key, pieces->data());
  if (!IsListTooLong(status)) {
    return status;
  }
  int count = kLikelyOperands;
  do {
    // More may have been added since the last attempt.
    *pieces = std::vector<PinnableSlice>(count);
    rocksdb::GetMergeOperandsOptions operands;
    operands.expected_max_number_of_operands = count;
    status = db.rocks()->GetMergeOperands(options, family.handle(), key, pieces->data(), &operands,
                                          &count);
  } while (status.IsIncomplete());
  if (status.ok()) {
    pieces->resize(count);
  }
  return status;
}

}  // namespace

Status StoredValue::Read(const std::shared_ptr<ColumnFamily>& family, const Snapshot* snapshot,
                         const Slice& key, std::shared_ptr<StoredValue>* value) {
  std::vector<PinnableSlice> pieces;
  Status status = ReadPieces(*family, snapshot, key, &pieces);
  if (status.IsNotFound()) {
    return Status::OK();
  }
  if (status.ok() && !pieces.empty()) {
    *value = std::make_shared<StoredValue>(family, std::move(pieces));
  }
  return status;
}

StoredValue::StoredValue(std::shared_ptr<ColumnFamily> family, std::vector<PinnableSlice> pieces)
    : family_(std::move(family)), pieces_(std::move(pieces)) {
  for (const PinnableSlice& piece : pieces_) {
    size_ += piece.size() + (ends_.empty() ? 0 : 1);
    ends_.push_back(size_);
  }
}

size_t StoredValue::CopyTo(uint8_t* target, size_t capacity, uint64_t offset) const {
  size_t copied = 0;
  while (copied < capacity && offset + copied < size_) {
    copied += CopyFromPiece(target + copied, capacity - copied, offset + copied);
  }
  return copied;
}

size_t StoredValue::CopyFromPiece(uint8_t* target, size_t capacity, uint64_t offset) const {
  const auto index = std::upper_bound(ends_.begin(), ends_.end(), offset) - ends_.begin();
  const PinnableSlice& piece = pieces_[index];
  const uint64_t left = ends_[index] - offset;
  if (left > piece.size()) {
    *target = kListDelimiter;
    return 1;
  }
  const size_t length = std::min(capacity, static_cast<size_t>(left));
  std::memcpy(target, piece.data() + piece.size() - left, length);
  return length;
}

}  // namespace rockstate
