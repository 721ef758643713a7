#include "multi_read.h"

#include <algorithm>
#include <exception>
#include <numeric>
#include <utility>

#include "list_merge.h"
#include "packed.h"
#include "point.h"
#include "rocksdb/comparator.h"

namespace rockstate {

using rocksdb::Slice;
using rocksdb::Status;

namespace {

// Large enough that a thread is worth waking for it, small enough that threads end together.
constexpr size_t kPartKeys = 16;
// Of libuv's workers, by default: more would only wait for each other.
constexpr size_t kMaxThreads = 4;

}  // namespace

MultiRead::MultiRead(std::shared_ptr<ColumnFamily> family, std::shared_ptr<Snapshot> snapshot,
                     std::string packed_keys)
    : family_(std::move(family)),
      packed_keys_(std::move(packed_keys)),
      snapshot_(std::move(snapshot)) {}

Status MultiRead::Prepare(size_t* threads) {
  if (!UnpackKeys(packed_keys_, &keys_)) {
    return Status::InvalidArgument("the packed keys of a multi-get are malformed");
  }
  *threads = std::clamp(keys_.size() / kPartKeys, size_t{1}, kMaxThreads);
  return Status::OK();
}

Status MultiRead::Run(std::string* packed_values) {
  ReadParts();
  std::unique_lock<std::mutex> lock(mutex_);
  part_done_.wait(lock, [this] { return parts_under_way_ == 0; });
  return failure_.ok() ? Pack(packed_values) : failure_;
}

void MultiRead::Help() noexcept {
  try {
    ReadParts();
  } catch (const std::exception&) {
    // It has taken no part, so that whoever runs the whole will.
  }
}

bool MultiRead::TakePart(size_t* begin, size_t* end) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (!is_sorted_) {
    Sort();
    is_sorted_ = true;
  }
  if (!failure_.ok() || bytes_read_ > family_->db()->read_options().value_size_soft_limit) {
    std::fill(statuses_.begin() + static_cast<std::ptrdiff_t>(next_), statuses_.end(),
              Status::Aborted());
    next_ = keys_.size();
  }
  if (next_ == keys_.size()) {
    return false;
  }
  *begin = next_;
  next_ = std::min(next_ + kPartKeys, keys_.size());
  *end = next_;
  ++parts_under_way_;
  return true;
}

// Neighbours are often in the same block, and go to the same thread.
void MultiRead::Sort() {
  std::vector<size_t> order(keys_.size());
  std::iota(order.begin(), order.end(), size_t{0});
  const rocksdb::Comparator* comparator = family_->handle()->GetComparator();
  std::sort(order.begin(), order.end(), [this, comparator](size_t a, size_t b) {
    return comparator->Compare(keys_[a], keys_[b]) < 0;
  });
  sorted_keys_.resize(keys_.size());
  slots_.resize(keys_.size());
  for (size_t slot = 0; slot < order.size(); ++slot) {
    sorted_keys_[slot] = keys_[order[slot]];
    slots_[order[slot]] = slot;
  }
  values_ = std::vector<rocksdb::PinnableSlice>(keys_.size());
  statuses_.resize(keys_.size());
  if (snapshot_ == nullptr && keys_.size() > kPartKeys) {
    snapshot_ = std::make_shared<Snapshot>(family_->db());
  }
}

void MultiRead::ReadParts() {
  size_t begin = 0;
  size_t end = 0;
  while (TakePart(&begin, &end)) {
    Status failure;
    uint64_t bytes = 0;
    try {
      ReadPart(begin, end);
      for (size_t i = begin; i < end; ++i) {
        bytes += values_[i].size();
      }
    } catch (const std::exception& error) {
      failure = Status::Aborted(error.what());
    }
    const std::lock_guard<std::mutex> lock(mutex_);
    bytes_read_ += bytes;
    failure_.UpdateIfOk(failure);
    if (--parts_under_way_ == 0) {
      part_done_.notify_one();
    }
  }
}

void MultiRead::ReadPart(size_t begin, size_t end) {
  const MergeScope scope(MergePurpose::kReadValue);
  const Db& db = *family_->db();
  db.rocks()->MultiGet(ReadOptionsOf(db, snapshot_.get()), family_->handle(), end - begin,
                       &sorted_keys_[begin], &values_[begin], &statuses_[begin],
                       /*sorted_input=*/true);
}

Status MultiRead::Pack(std::string* packed_values) const {
  packed_values->clear();
  packed_values->reserve(
      std::min(keys_.size() * kPackedLengthBytes + bytes_read_, uint64_t{kMaxValueBytes}));
  bool has_value = false;
  for (const size_t slot : slots_) {
    const Status& status = statuses_[slot];
    const Slice& value = values_[slot];
    if (status.IsNotFound()) {
      AppendPacked(kAbsent, Slice(), packed_values);
    } else if (IsListTooLong(status) || value.size() > kMaxValueBytes) {
      AppendPacked(kTooLong, Slice(), packed_values);
    } else if (status.IsAborted() ||
               (has_value && packed_values->size() + value.size() > kMaxValueBytes)) {
      // RocksDB gives up at the soft limit of the read options, as we do.
      AppendPacked(kLeftOut, Slice(), packed_values);
    } else if (status.ok()) {
      has_value = true;
      AppendPacked(static_cast<int32_t>(value.size()), value, packed_values);
    } else {
      return status;
    }
  }
  return Status::OK();
}

}  // namespace rockstate
