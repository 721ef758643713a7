// Writes rows, in the order of their keys, to SST files outside of a family, which takes them over
// at once.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "db.h"
#include "rocksdb/sst_file_writer.h"

namespace rockstate {

// A directory of files on their way, which is removed in the end with what is left in it.
class RowFiles {
 public:
  // Files are as the family's own, of its compression and filters, and of `file_bytes`; 0: of its
  // size, too.
  RowFiles(const ColumnFamily& family, std::string directory, uint64_t file_bytes = 0);
  ~RowFiles();
  RowFiles(const RowFiles&) = delete;
  RowFiles& operator=(const RowFiles&) = delete;

  // Makes the directory, which must not exist.
  rocksdb::Status Open();
  rocksdb::Status Put(const rocksdb::Slice& key, const rocksdb::Slice& value);
  // Lays the rows over those that the family has, all at once.
  rocksdb::Status Ingest();

 private:
  rocksdb::Status FinishFile();

  const ColumnFamily& family_;
  rocksdb::Options options_;
  std::string directory_;
  uint64_t file_bytes_;
  bool is_open_ = false;
  std::vector<std::string> files_;
  std::unique_ptr<rocksdb::SstFileWriter> writer_;
};

}  // namespace rockstate
