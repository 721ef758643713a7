// A hard-link checkpoint: an openable copy of a Db in another directory of the same file system.
#pragma once

#include <string>

#include "db.h"

namespace rockstate {

// `directory` must be absolute and must not exist. Memtables are flushed first, so nothing is
// missing without a WAL.
rocksdb::Status CreateCheckpoint(Db* db, const std::string& directory);

}  // namespace rockstate
