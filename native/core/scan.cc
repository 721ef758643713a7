#include "scan.h"

#include <limits>

#include "list_merge.h"
#include "packed.h"

namespace rockstate {

using rocksdb::Slice;
using rocksdb::Status;

namespace {

// The smallest key behind all that start with the prefix; none where nothing is behind them.
std::optional<std::string> PrefixEnd(const Slice& prefix) {
  std::string end = prefix.ToString();
  while (!end.empty()) {
    const auto last = static_cast<uint8_t>(end.back());
    if (last < std::numeric_limits<uint8_t>::max()) {
      end.back() = static_cast<char>(last + 1);
      return end;
    }
    end.pop_back();
  }
  return std::nullopt;
}

}  // namespace

ScanRequest PrefixScan(const Slice& prefix) {
  ScanRequest request;
  request.lower = prefix.ToString();
  request.upper = PrefixEnd(prefix);
  request.within_prefix = true;
  return request;
}

Scan::Scan(std::shared_ptr<ColumnFamily> family, std::shared_ptr<Snapshot> snapshot,
           ScanRequest request)
    : family_(std::move(family)), snapshot_(std::move(snapshot)), request_(std::move(request)) {
  const Db& db = *family_->db();
  rocksdb::ReadOptions options =
      snapshot_ == nullptr ? db.read_options() : snapshot_->read_options();
  options.fill_cache = options.fill_cache && request_.fill_cache;
  // In a family with a prefix extractor, a scan of one of its prefixes may use what there is by
  // prefix: filters, and the memtable's index. Any other would pass over keys of further prefixes,
  // and so would one backward, which begins at a bound of another prefix.
  options.prefix_same_as_start =
      request_.within_prefix && !request_.backward && family_->IsWholePrefix(*request_.lower);
  options.total_order_seek = !options.prefix_same_as_start;
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

void Scan::Start() {
  if (!started_) {
    MoveOn();
  }
}

Status Scan::HasNext(bool* has_next) {
  const MergeScope scope(MergePurpose::kReadKey);
  if (!ended_) {
    Start();
  }
  *has_next = !ended_ && iterator_->Valid();
  return ended_ ? Status::OK() : iterator_->status();
}

Status Scan::NextPage(uint8_t* page, size_t capacity, int64_t* filled) {
  if (ended_) {
    *filled = 0;
    return Status::OK();
  }
  const MergeScope scope(request_.keys_only ? MergePurpose::kReadKey : MergePurpose::kReadValue);
  Start();
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
