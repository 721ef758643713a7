#include "scan.h"

#include "list_merge.h"
#include "packed.h"

namespace rockstate {

using rocksdb::Slice;
using rocksdb::Status;

Scan::Scan(std::shared_ptr<ColumnFamily> family, std::shared_ptr<Snapshot> snapshot,
           ScanRequest request)
    : family_(std::move(family)), snapshot_(std::move(snapshot)), request_(std::move(request)) {
  const Db& db = *family_->db();
  rocksdb::ReadOptions options =
      snapshot_ == nullptr ? db.read_options() : snapshot_->read_options();
  options.fill_cache = options.fill_cache && request_.fill_cache;
  // Else a family with a prefix extractor would pass over keys of other prefixes than the bound's.
  options.total_order_seek = true;
  if (request_.lower.has_value()) {
    lower_ = *request_.lower;
    options.iterate_lower_bound = &lower_;
  }
  if (request_.upper.has_value()) {
    upper_ = *request_.upper;
    options.iterate_upper_bound = &upper_;
  }
  iterator_.reset(db.rocks()->NewIterator(options, family_->handle()));
}

void Scan::MoveOn() {
  if (!started_) {
    started_ = true;
    if (request_.backward) {
      iterator_->SeekToLast();
    } else {
      iterator_->SeekToFirst();
    }
  } else if (request_.backward) {
    iterator_->Prev();
  } else {
    iterator_->Next();
  }
}

Status Scan::NextPage(uint8_t* page, size_t capacity, int64_t* filled) {
  if (ended_) {
    *filled = 0;
    return Status::OK();
  }
  const MergeScope scope(request_.keys_only ? MergePurpose::kReadKey : MergePurpose::kReadValue);
  // The iterator rests on the next entry to deliver, so that an entry that did not fit comes first
  // on the next page.
  if (!started_) {
    MoveOn();
  }
  size_t used = 0;
  while (iterator_->Valid()) {
    const Slice key = iterator_->key();
    const Slice value = request_.keys_only ? Slice() : iterator_->value();
    const size_t needed = 2 * kPackedLengthBytes + key.size() + value.size();
    if (needed > capacity - used) {
      *filled = used == 0 ? -static_cast<int64_t>(needed) : static_cast<int64_t>(used);
      return Status::OK();
    }
    uint8_t* entry = page + used;
    StoreLength(entry, static_cast<uint32_t>(key.size()));
    StoreLength(entry + kPackedLengthBytes, static_cast<uint32_t>(value.size()));
    std::memcpy(entry + 2 * kPackedLengthBytes, key.data(), key.size());
    std::memcpy(entry + 2 * kPackedLengthBytes + key.size(), value.data(), value.size());
    used += needed;
    MoveOn();
  }
  *filled = static_cast<int64_t>(used);
  Status status = iterator_->status();
  if (status.ok()) {
    // Whoever takes only the first entries, and forgets to close, holds nothing.
    ended_ = true;
    iterator_.reset();
    snapshot_.reset();
  }
  return status;
}

}  // namespace rockstate
