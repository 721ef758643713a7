// Reads a file of rows, from key group to key group, as the heap backend writes its snapshots
// (lib/heap/snapshot-format.ts has the layout).
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "rocksdb/env.h"
#include "rocksdb/slice.h"

namespace rockstate {

class StoredRows {
 public:
  rocksdb::Status Open(const std::string& path);

  // -1 at the end of the file.
  rocksdb::Status NextKeyGroup(int32_t* key_group) { return TakeInt(key_group); }
  // Of the key group; -1 at its end.
  rocksdb::Status NextState(int32_t* id, int32_t* rows);
  rocksdb::Status NextRow(std::string* id, std::string* value);

 private:
  rocksdb::Status Take(size_t count, char* to);
  rocksdb::Status TakeInt(int32_t* value);
  rocksdb::Status TakeBytes(std::string* bytes);
  rocksdb::Status NextPiece();
  rocksdb::Status Damaged(const std::string& how) const;

  std::string path_;
  std::unique_ptr<rocksdb::SequentialFile> file_;
  std::string scratch_;
  rocksdb::Slice piece_;
};

}  // namespace rockstate
