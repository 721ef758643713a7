#include "source_rows.h"

#include <utility>

#include "list_merge.h"
#include "stored_value.h"

namespace rockstate {

using rocksdb::Slice;
using rocksdb::Status;

namespace {

// Read ahead of the iterator: every block is read, once.
constexpr size_t kReadaheadBytes = size_t{2} * 1024 * 1024;

}  // namespace

SourceRows::SourceRows(std::shared_ptr<ColumnFamily> family, const KeyRange& range)
    : family_(std::move(family)), snapshot_(family_->db()), range_(range) {
  options_ = snapshot_.read_options();
  options_.fill_cache = false;
  options_.total_order_seek = true;
  options_.readahead_size = kReadaheadBytes;
  if (range_.lower.has_value()) {
    lower_ = *range_.lower;
    options_.iterate_lower_bound = &lower_;
  }
  if (range_.upper.has_value()) {
    upper_ = *range_.upper;
    options_.iterate_upper_bound = &upper_;
  }
}

Status SourceRows::ForEach(const Take& take, const Take& take_piece) const {
  std::optional<std::string> last;
  for (;;) {
    Status status = ForEachJoined(take, &last);
    if (!IsListTooLong(status) || take_piece == nullptr) {
      return status;
    }
    // The iterator does not say which key it failed at.
    status = ReadKeyBehind(&last);
    if (status.ok()) {
      status = ForEachPiece(*last, take_piece);
    }
    if (!status.ok()) {
      return status;
    }
  }
}

Status SourceRows::ForEachJoined(const Take& take, std::optional<std::string>* last) const {
  const MergeScope scope(MergePurpose::kStore);
  const auto iterator = Behind(*last);
  Status status;
  for (; status.ok() && iterator->Valid(); iterator->Next()) {
    const Slice key = iterator->key();
    status = take(key, iterator->value());
    if (!last->has_value()) {
      last->emplace();
    }
    (*last)->assign(key.data(), key.size());
  }
  return status.ok() ? iterator->status() : status;
}

Status SourceRows::ReadKeyBehind(std::optional<std::string>* last) const {
  const MergeScope scope(MergePurpose::kReadKey);
  const auto iterator = Behind(*last);
  if (iterator->Valid()) {
    *last = iterator->key().ToString();
    return Status::OK();
  }
  return iterator->status().ok() ? Status::Corruption("a row is gone while it is read")
                                 : iterator->status();
}

Status SourceRows::ForEachPiece(const Slice& key, const Take& take_piece) const {
  std::shared_ptr<StoredValue> value;
  Status status = StoredValue::Read(family_, &snapshot_, key, &value);
  if (status.ok() && value != nullptr) {
    for (const rocksdb::PinnableSlice& piece : value->pieces()) {
      status = take_piece(key, piece);
      if (!status.ok()) {
        break;
      }
    }
  }
  return status;
}

std::unique_ptr<rocksdb::Iterator> SourceRows::Behind(
    const std::optional<std::string>& last) const {
  std::unique_ptr<rocksdb::Iterator> iterator(
      family_->db()->rocks()->NewIterator(options_, family_->handle()));
  if (last.has_value()) {
    // The first key that can come behind it.
    iterator->Seek(*last + '\0');
  } else {
    iterator->SeekToFirst();
  }
  return iterator;
}

}  // namespace rockstate
