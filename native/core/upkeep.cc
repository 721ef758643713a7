#include "upkeep.h"

#include "rocksdb/convenience.h"
#include "rocksdb/options.h"

namespace rockstate {

using rocksdb::Slice;
using rocksdb::Status;

namespace {

// RocksDB's bounds are pointers, null when open.
struct Bounds {
  explicit Bounds(const KeyRange& range) : lower_slice(range.lower), upper_slice(range.upper) {}

  const Slice* lower() const { return lower_slice.has_value() ? &*lower_slice : nullptr; }
  const Slice* upper() const { return upper_slice.has_value() ? &*upper_slice : nullptr; }

  std::optional<Slice> lower_slice;
  std::optional<Slice> upper_slice;
};

}  // namespace

Status Flush(Db* db, const std::vector<std::shared_ptr<ColumnFamily>>& families) {
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  handles.reserve(families.size());
  for (const auto& family : families) {
    if (family != nullptr) {
      handles.push_back(family->handle());
    }
  }
  return db->rocks()->Flush(rocksdb::FlushOptions(), handles);
}

Status FlushUnlogged(Db* db, const std::vector<std::shared_ptr<ColumnFamily>>& families) {
  if (!db->write_options().disableWAL || db->rocks()->GetDBOptions().avoid_flush_during_shutdown) {
    return Status::OK();
  }
  return Flush(db, families);
}

Status CompactRange(const ColumnFamily& family, const KeyRange& range) {
  const Bounds bounds(range);
  rocksdb::CompactRangeOptions options;
  // Else a file that overlaps no other is only moved to the last level, deletions and all.
  options.bottommost_level_compaction = rocksdb::BottommostLevelCompaction::kForceOptimized;
  return family.db()->rocks()->CompactRange(options, family.handle(), bounds.lower(),
                                            bounds.upper());
}

Status CompactFiles(const ColumnFamily& family, const FileCompaction& compaction) {
  rocksdb::CompactionOptions options;
  // What the family compresses with.
  options.compression = rocksdb::kDisableCompressionOption;
  options.output_file_size_limit = compaction.max_output_file_bytes;
  return family.db()->rocks()->CompactFiles(options, family.handle(), compaction.files,
                                            compaction.output_level);
}

Status DeleteFilesInRange(const ColumnFamily& family, const KeyRange& range) {
  const Bounds bounds(range);
  constexpr bool kIncludeEnd = false;
  return rocksdb::DeleteFilesInRange(family.db()->rocks(), family.handle(), bounds.lower(),
                                     bounds.upper(), kIncludeEnd);
}

Status Resume(Db* db) { return db->rocks()->Resume(); }

}  // namespace rockstate
