// Reads and writes of single keys, and of write batches.
#pragma once

#include <functional>
#include <string>

#include "db.h"
#include "rocksdb/slice.h"
#include "rocksdb/write_batch.h"

namespace rockstate {

const rocksdb::ReadOptions& ReadOptionsOf(const Db& db, const Snapshot* snapshot);

// `snapshot` may be null: the newest state is read.
rocksdb::Status Get(const ColumnFamily& family, const Snapshot* snapshot, const rocksdb::Slice& key,
                    rocksdb::PinnableSlice* value);
rocksdb::Status Put(const ColumnFamily& family, const rocksdb::Slice& key,
                    const rocksdb::Slice& value);
rocksdb::Status Merge(const ColumnFamily& family, const rocksdb::Slice& key,
                      const rocksdb::Slice& operand);
rocksdb::Status Delete(const ColumnFamily& family, const rocksdb::Slice& key);

// Writes of one thread. They go through a batch whose memory is kept from one to the next.
class PointWriter {
 public:
  rocksdb::Status Put(const ColumnFamily& family, const rocksdb::Slice& key,
                      const rocksdb::Slice& value);
  rocksdb::Status Merge(const ColumnFamily& family, const rocksdb::Slice& key,
                        const rocksdb::Slice& operand);
  rocksdb::Status Delete(const ColumnFamily& family, const rocksdb::Slice& key);

 private:
  rocksdb::Status Apply(const Db& db);

  rocksdb::WriteBatch batch_;
};

// Null when there is no family with this number.
using FindColumnFamily = std::function<const ColumnFamily*(uint32_t id)>;

// Refuses a batch that is malformed, names an unknown family, or has a range that ends before it
// begins. RocksDB would notice only when the batch is half applied, and refuse all writes from then
// on.
rocksdb::Status CheckBatch(const rocksdb::WriteBatch& batch, const FindColumnFamily& find);

// Applies a checked batch, as a whole or not at all.
rocksdb::Status Write(Db* db, rocksdb::WriteBatch* batch);

}  // namespace rockstate
