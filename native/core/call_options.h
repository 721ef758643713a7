// Turns string maps into the options of reads and writes, for which RocksDB has no parser of its
// own.
#pragma once

#include "open_options.h"

namespace rockstate {

// Invalid argument, naming it, for a name that is not known or a value that can't be read.
rocksdb::Status BuildReadOptions(const StringMap& options, rocksdb::ReadOptions* result);
rocksdb::Status BuildWriteOptions(const StringMap& options, rocksdb::WriteOptions* result);

}  // namespace rockstate
