#include "metrics.h"

namespace rockstate {

using rocksdb::Status;

Status Property(const ColumnFamily& family, const std::string& name, std::string* value) {
  if (!family.db()->rocks()->GetProperty(family.handle(), name, value)) {
    return Status::NotFound("RocksDB has no property named " + name);
  }
  return Status::OK();
}

std::vector<rocksdb::LiveFileMetaData> LiveFiles(const Db& db) {
  std::vector<rocksdb::LiveFileMetaData> files;
  db.rocks()->GetLiveFilesMetaData(&files);
  return files;
}

}  // namespace rockstate
