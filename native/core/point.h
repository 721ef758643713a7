// Reads and writes of single keys, of many keys at once, and of write batches.
#pragma once

#include <string>

#include "db.h"
#include "rocksdb/slice.h"

namespace rockstate {

// `snapshot` may be null: the newest state is read.
rocksdb::Status Get(const ColumnFamily& family, const Snapshot* snapshot, const rocksdb::Slice& key,
                    rocksdb::PinnableSlice* value);
rocksdb::Status Put(const ColumnFamily& family, const rocksdb::Slice& key,
                    const rocksdb::Slice& value);
rocksdb::Status Merge(const ColumnFamily& family, const rocksdb::Slice& key,
                      const rocksdb::Slice& operand);
rocksdb::Status Delete(const ColumnFamily& family, const rocksdb::Slice& key);

// Keys and results are packed as packed.h says.
rocksdb::Status MultiGet(const ColumnFamily& family, const Snapshot* snapshot,
                         const rocksdb::Slice& packed_keys, std::string* packed_values);

// `batch` is in RocksDB's write-batch format; it is applied as a whole or not at all.
rocksdb::Status Write(Db* db, std::string batch);

}  // namespace rockstate
