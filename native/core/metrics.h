// What an open Db says of itself: properties by name, and its live files.
#pragma once

#include <string>
#include <vector>

#include "db.h"
#include "rocksdb/metadata.h"

namespace rockstate {

// Not found when RocksDB does not know the property.
rocksdb::Status Property(const ColumnFamily& family, const std::string& name, std::string* value);
std::vector<rocksdb::LiveFileMetaData> LiveFiles(const Db& db);

}  // namespace rockstate
