// A value kept in native memory, to be read in pieces: for values too large to be copied at once.
#pragma once

#include <cstdint>
#include <memory>

#include "db.h"
#include "rocksdb/slice.h"

namespace rockstate {

class StoredValue {
 public:
  // `value` becomes null when the key has none. `snapshot` may be null: the newest state is read.
  static rocksdb::Status Read(const std::shared_ptr<ColumnFamily>& family, const Snapshot* snapshot,
                              const rocksdb::Slice& key, std::shared_ptr<StoredValue>* value);

  explicit StoredValue(std::shared_ptr<ColumnFamily> family) : family_(std::move(family)) {}
  StoredValue(const StoredValue&) = delete;
  StoredValue& operator=(const StoredValue&) = delete;

  uint64_t size() const { return value_.size(); }
  // Copies what lies from `offset` on, as much as there is and as fits; answers how much that was.
  size_t CopyTo(uint8_t* target, size_t capacity, uint64_t offset) const;

 private:
  // The value may be pinned in a block of the database, which must outlive it.
  std::shared_ptr<ColumnFamily> family_;
  rocksdb::PinnableSlice value_;
};

}  // namespace rockstate
