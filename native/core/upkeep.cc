#include "upkeep.h"

#include "rocksdb/convenience.h"

namespace rockstate {

using rocksdb::Slice;
using rocksdb::Status;

namespace {

// RocksDB's bounds are pointers, null when open.
struct Bounds {
  explicit Bounds(const KeyRange& range) : lower_slice(range.lower), upper_slice(range.upper) {}

  const Slice* lower() const { return lower_slice.empty() ? nullptr : &lower_slice; }
  const Slice* upper() const { return upper_slice.empty() ? nullptr : &upper_slice; }

  Slice lower_slice;
  Slice upper_slice;
};

}  // namespace

Status Flush(Db* db, const std::vector<std::shared_ptr<ColumnFamily>>& families) {
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  handles.reserve(families.size());
  for (const auto& family : families) {
    handles.push_back(family->handle());
  }
  return db->rocks()->Flush(rocksdb::FlushOptions(), handles);
}

Status CompactRange(const ColumnFamily& family, const KeyRange& range) {
  const Bounds bounds(range);
  return family.db()->rocks()->CompactRange(rocksdb::CompactRangeOptions(), family.handle(),
                                            bounds.lower(), bounds.upper());
}

Status DeleteFilesInRange(const ColumnFamily& family, const KeyRange& range) {
  const Bounds bounds(range);
  constexpr bool kIncludeEnd = false;
  return rocksdb::DeleteFilesInRange(family.db()->rocks(), family.handle(), bounds.lower(),
                                     bounds.upper(), kIncludeEnd);
}

Status Resume(Db* db) { return db->rocks()->Resume(); }

}  // namespace rockstate
