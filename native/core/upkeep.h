// Work on whole ranges and files: flush, compaction, range deletion, recovery from background
// errors.
#pragma once

#include <cstdint>
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
struct FileCompaction {
  // As RocksDB names them: with a slash in front.
  std::vector<std::string> files;
  int output_level = 0;
  uint64_t max_output_file_bytes = 0;
};

// Merges files, which must not be compacted otherwise meanwhile, into a level.
rocksdb::Status CompactFiles(const ColumnFamily& family, const FileCompaction& compaction);
// Drops the files that lie wholly in [lower, upper): fast, and without reading them.
rocksdb::Status DeleteFilesInRange(const ColumnFamily& family, const KeyRange& range);
// Lets writes go on after a background error whose cause is gone (a full disk, for example).
rocksdb::Status Resume(Db* db);

}  // namespace rockstate
