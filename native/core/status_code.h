// The strings under which RocksDB's status codes reach JavaScript. The only place that knows both.
#pragma once

#include "rocksdb/status.h"

namespace rockstate {

// "ERR_ROCKSDB_IO_ERROR", …
const char* CodeString(const rocksdb::Status& status);
// "NO_SPACE", …; "NONE" when there is nothing finer than the code.
const char* SubcodeString(const rocksdb::Status& status);
// "NO_ERROR", "SOFT_ERROR", "HARD_ERROR", "FATAL_ERROR", "UNRECOVERABLE_ERROR".
const char* SeverityString(const rocksdb::Status& status);

}  // namespace rockstate
