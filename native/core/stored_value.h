// A value kept in native memory, to be read in pieces: for values too large to be copied at once.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "db.h"
#include "rocksdb/slice.h"

namespace rockstate {

class StoredValue {
 public:
  // `value` becomes null when the key has none. `snapshot` may be null: the newest state is read.
  static rocksdb::Status Read(const std::shared_ptr<ColumnFamily>& family, const Snapshot* snapshot,
                              const rocksdb::Slice& key, std::shared_ptr<StoredValue>* value);

  StoredValue(std::shared_ptr<ColumnFamily> family, std::vector<rocksdb::PinnableSlice> pieces);
  StoredValue(const StoredValue&) = delete;
  StoredValue& operator=(const StoredValue&) = delete;

  uint64_t size() const { return size_; }
  // More than one for a long list; a delimiter belongs between them.
  const std::vector<rocksdb::PinnableSlice>& pieces() const { return pieces_; }
  // Copies what lies from `offset` on, as much as there is and as fits; answers how much that was.
  size_t CopyTo(uint8_t* target, size_t capacity, uint64_t offset) const;

 private:
  // As CopyTo, not beyond the end of the piece (or the delimiter) at `offset`, which is in the
  // value.
  size_t CopyFromPiece(uint8_t* target, size_t capacity, uint64_t offset) const;

  // The value may be pinned in a block of the database, which must outlive it.
  std::shared_ptr<ColumnFamily> family_;
  std::vector<rocksdb::PinnableSlice> pieces_;
  // Where each piece ends in the whole.
  std::vector<uint64_t> ends_;
  uint64_t size_ = 0;
};

}  // namespace rockstate
