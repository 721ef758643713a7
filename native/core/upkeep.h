// Work on whole ranges and files: flush, compaction, range deletion, recovery from background
// errors.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "db.h"

namespace rockstate {

// A key range; a missing bound is open.
struct KeyRange {
  std::optional<std::string> lower;
  std::optional<std::string> upper;
};

// Flushes the families together, atomically only if the Db was opened with atomic_flush. Null
// entries stand for families that were dropped.
rocksdb::Status Flush(Db* db, const std::vector<std::shared_ptr<ColumnFamily>>& families);
// For closing: without a write-ahead log RocksDB flushes by itself then, but keeps a failure to
// itself.
rocksdb::Status FlushUnlogged(Db* db, const std::vector<std::shared_ptr<ColumnFamily>>& families);
rocksdb::Status CompactRange(const ColumnFamily& family, const KeyRange& range);
// Drops the files that lie wholly in [lower, upper): fast, and without reading them.
rocksdb::Status DeleteFilesInRange(const ColumnFamily& family, const KeyRange& range);
// Lets writes go on after a background error whose cause is gone (a full disk, for example).
rocksdb::Status Resume(Db* db);

}  // namespace rockstate
