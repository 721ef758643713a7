// Writes key groups: one iterator for each state, all of one snapshot, which move from key group to
// key group together, and the rows of states that are in a file.
#include <algorithm>

#include "key_group_output.h"
#include "key_groups.h"
#include "list_merge.h"
#include "rocksdb/iterator.h"
#include "stored_rows.h"
#include "stored_value.h"

namespace rockstate {
namespace {

using rocksdb::Slice;
using rocksdb::Status;

// What all iterators of a savepoint read ahead together, at most, and one of them.
constexpr size_t kReadAheadBytes = size_t{64} << 20;
constexpr size_t kMaxReadAheadBytes = size_t{2} << 20;
constexpr size_t kMinReadAheadBytes = size_t{64} << 10;
constexpr size_t kPieceBytes = size_t{1} << 20;

uint32_t KeyGroupOf(const Slice& key, size_t prefix_bytes) {
  uint32_t key_group = 0;
  for (size_t i = 0; i < prefix_bytes; ++i) {
    key_group = (key_group << 8) | static_cast<uint8_t>(key[i]);
  }
  return key_group;
}

std::string PrefixOf(uint32_t key_group, size_t prefix_bytes) {
  std::string prefix;
  for (size_t i = prefix_bytes; i > 0; --i) {
    prefix.push_back(static_cast<char>(key_group >> (8 * (i - 1))));
  }
  return prefix;
}

// The rows of one state that are not expired, from key group to key group.
class StateRows {
 public:
  StateRows(std::shared_ptr<ColumnFamily> family, SharedTtlRule ttl,
            const KeyGroupsToWrite& request, const std::atomic<bool>& cancelled)
      : family_(std::move(family)), ttl_(std::move(ttl)), request_(request), cancelled_(cancelled) {
    rocksdb::ReadOptions options = request.snapshot->read_options();
    options.fill_cache = false;
    options.total_order_seek = true;
    options.readahead_size = std::clamp(kReadAheadBytes / request.families.size(),
                                        kMinReadAheadBytes, kMaxReadAheadBytes);
    iterator_.reset(family_->db()->rocks()->NewIterator(options, family_->handle()));
    iterator_->Seek(PrefixOf(request.first_key_group, request.prefix_bytes));
    RestAtRow();
  }

  bool HasRowIn(uint32_t key_group) const {
    return iterator_->Valid() && iterator_->key().size() >= request_.prefix_bytes &&
           KeyGroupOf(iterator_->key(), request_.prefix_bytes) == key_group;
  }

  // Its row marks itself when it is the last.
  bool IsAtLongList() const { return is_unjoined_; }

  // Appends the row that the iterator is at, and moves on.
  Status AppendTo(KeyGroupOutput* output) {
    if (is_unjoined_) {
      return AppendLongList(output);
    }
    Slice value = iterator_->value();
    value.remove_prefix(expired_bytes_);
    if (value.size() > kMaxValueBytes) {
      return TooLong(value.size());
    }
    Status status = output->AppendRow(iterator_->key(), value);
    MoveOn();
    return status;
  }

  Status status() const { return iterator_->status(); }

 private:
  void MoveOn() {
    iterator_->Next();
    RestAtRow();
  }

  // Goes to the first row from here on that is written, or stops where it is when cancelled.
  void RestAtRow() {
    is_unjoined_ = TakeUnjoined();
    expired_bytes_ = 0;
    while (ttl_ != nullptr && !is_unjoined_ && iterator_->Valid() && !cancelled_) {
      const Slice value = iterator_->value();
      expired_bytes_ = ExpiredBytes(*ttl_, value, request_.ttl_now_ms);
      if (expired_bytes_ == 0 || expired_bytes_ < value.size()) {
        return;
      }
      iterator_->Next();
      is_unjoined_ = TakeUnjoined();
      expired_bytes_ = 0;
    }
  }

  Status AppendLongList(KeyGroupOutput* output) {
    std::shared_ptr<StoredValue> value;
    const std::string key = iterator_->key().ToString();
    Status status = StoredValue::Read(family_, request_.snapshot.get(), key, &value);
    if (status.ok() && value == nullptr) {
      status = Status::Corruption("a list of state '" + family_->name() + "' has no operands");
    }
    if (status.ok() && value->size() > kMaxValueBytes) {
      status = TooLong(value->size());
    }
    if (status.ok()) {
      status = output->BeginLongRow(key, static_cast<uint32_t>(value->size()));
    }
    MoveOn();
    // The row's key leaves the memory with its first piece, so its flag is set before.
    if (status.ok() && !HasRowIn(KeyGroupOf(key, request_.prefix_bytes))) {
      output->EndState();
    }
    std::string piece(kPieceBytes, '\0');
    for (uint64_t offset = 0; status.ok() && offset < value->size();) {
      const size_t length =
          value->CopyTo(reinterpret_cast<uint8_t*>(piece.data()), piece.size(), offset);
      status = cancelled_ ? CancelledStatus() : output->AppendPiece(Slice(piece.data(), length));
      offset += length;
    }
    return status;
  }

  Status TooLong(uint64_t size) const {
    return Status::InvalidArgument(
        "state '" + family_->name() + "' has a value of " + std::to_string(size) +
        " bytes, and Flink's format holds at most " + std::to_string(kMaxValueBytes));
  }

  std::shared_ptr<ColumnFamily> family_;
  SharedTtlRule ttl_;
  const KeyGroupsToWrite& request_;
  const std::atomic<bool>& cancelled_;
  std::unique_ptr<rocksdb::Iterator> iterator_;
  // The iterator is at a list that is too long to be joined, and has only a part of it.
  bool is_unjoined_ = false;
  // Of the value that the iterator is at, from its beginning.
  size_t expired_bytes_ = 0;
};

class Writer {
 public:
  Writer(const KeyGroupsToWrite& request, const std::atomic<bool>& cancelled,
         WrittenKeyGroups* written)
      : request_(request), cancelled_(cancelled), written_(written) {}

  Status Write() {
    const MergeScope scope(MergePurpose::kStream);
    Status status = output_.Open(request_.path, request_.compress);
    if (status.ok()) {
      status = output_.AppendHeader(request_.header);
    }
    for (size_t id = 0; id < request_.families.size(); ++id) {
      const auto& family = request_.families[id];
      const SharedTtlRule ttl = id < request_.ttl.size() ? request_.ttl[id] : nullptr;
      states_.push_back(family == nullptr
                            ? nullptr
                            : std::make_unique<StateRows>(family, ttl, request_, cancelled_));
    }
    if (status.ok() && !request_.rows_path.empty()) {
      status = stored_.Open(request_.rows_path);
      if (status.ok()) {
        status = stored_.NextKeyGroup(&stored_group_);
      }
    }
    for (uint32_t group = request_.first_key_group; status.ok() && group <= request_.last_key_group;
         ++group) {
      status = cancelled_ ? CancelledStatus() : WriteKeyGroup(group);
    }
    for (const auto& state : states_) {
      if (state != nullptr) {
        status.UpdateIfOk(state->status());
      }
    }
    if (status.ok() && stored_group_ >= 0) {
      status = Status::Corruption(
          "the rows at " + request_.rows_path,
          "have key group " + std::to_string(stored_group_) + " where it is not asked for");
    }
    if (status.ok()) {
      status = output_.Finish();
      written_->size_bytes = output_.size_bytes();
    }
    return status;
  }

 private:
  Status WriteKeyGroup(uint32_t group) {
    Status status;
    uint64_t offset = 0;
    for (size_t id = 0; status.ok() && id < states_.size(); ++id) {
      StateRows* rows = states_[id].get();
      if (rows == nullptr || !rows->HasRowIn(group)) {
        continue;
      }
      if (offset == 0) {
        offset = output_.BeginKeyGroup();
      }
      output_.BeginState(static_cast<uint16_t>(id));
      status = WriteState(group, rows);
    }
    if (status.ok() && stored_group_ == static_cast<int32_t>(group)) {
      status = WriteStored(PrefixOf(group, request_.prefix_bytes), &offset);
    }
    if (status.ok() && offset != 0) {
      status = output_.EndKeyGroup();
    }
    written_->offsets.push_back(offset);
    return status;
  }

  Status WriteState(uint32_t group, StateRows* rows) {
    Status status;
    bool was_long = false;
    while (status.ok() && rows->HasRowIn(group)) {
      if (cancelled_) {
        return CancelledStatus();
      }
      was_long = rows->IsAtLongList();
      status = rows->AppendTo(&output_);
      ++written_->rows;
    }
    // A long row is marked already.
    if (status.ok() && !was_long) {
      output_.EndState();
    }
    return status;
  }

  // Writes what the file has of a key group.
  Status WriteStored(const std::string& prefix, uint64_t* offset) {
    std::string id;
    std::string value;
    for (;;) {
      int32_t state = 0;
      int32_t rows = 0;
      Status status = stored_.NextState(&state, &rows);
      if (status.ok() && state < 0) {
        return stored_.NextKeyGroup(&stored_group_);
      }
      if (status.ok() && (static_cast<size_t>(state) >= states_.size() || rows <= 0)) {
        status = Status::Corruption("the rows at " + request_.rows_path, "are of no state");
      }
      if (!status.ok()) {
        return status;
      }
      if (*offset == 0) {
        *offset = output_.BeginKeyGroup();
      }
      output_.BeginState(static_cast<uint16_t>(state));
      for (; status.ok() && rows > 0; --rows) {
        status = cancelled_ ? CancelledStatus() : stored_.NextRow(&id, &value);
        if (status.ok()) {
          status = output_.AppendRow(prefix + id, value);
          ++written_->rows;
        }
      }
      if (!status.ok()) {
        return status;
      }
      output_.EndState();
    }
  }

  const KeyGroupsToWrite& request_;
  const std::atomic<bool>& cancelled_;
  WrittenKeyGroups* written_;
  KeyGroupOutput output_;
  std::vector<std::unique_ptr<StateRows>> states_;
  StoredRows stored_;
  // The next one of the file; -1 when there is none.
  int32_t stored_group_ = -1;
};

}  // namespace

Status WriteKeyGroups(const KeyGroupsToWrite& request, const Cancelled& cancelled,
                      WrittenKeyGroups* written) {
  return Writer(request, *cancelled, written).Write();
}

}  // namespace rockstate
