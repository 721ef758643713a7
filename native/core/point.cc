#include "point.h"

#include <vector>

#include "packed.h"
#include "rocksdb/write_batch.h"

namespace rockstate {

using rocksdb::Slice;
using rocksdb::Status;

namespace {

const rocksdb::ReadOptions& ReadOptionsOf(const Db& db, const Snapshot* snapshot) {
  return snapshot == nullptr ? db.read_options() : snapshot->read_options();
}

}  // namespace

Status Get(const ColumnFamily& family, const Snapshot* snapshot, const Slice& key,
           rocksdb::PinnableSlice* value) {
  const Db& db = *family.db();
  return db.rocks()->Get(ReadOptionsOf(db, snapshot), family.handle(), key, value);
}

Status Put(const ColumnFamily& family, const Slice& key, const Slice& value) {
  const Db& db = *family.db();
  return db.rocks()->Put(db.write_options(), family.handle(), key, value);
}

Status Merge(const ColumnFamily& family, const Slice& key, const Slice& operand) {
  const Db& db = *family.db();
  return db.rocks()->Merge(db.write_options(), family.handle(), key, operand);
}

Status Delete(const ColumnFamily& family, const Slice& key) {
  const Db& db = *family.db();
  return db.rocks()->Delete(db.write_options(), family.handle(), key);
}

Status MultiGet(const ColumnFamily& family, const Snapshot* snapshot, const Slice& packed_keys,
                std::string* packed_values) {
  std::vector<Slice> keys;
  if (!UnpackKeys(packed_keys, &keys)) {
    return Status::InvalidArgument("the packed keys of a multi-get are malformed");
  }
  packed_values->clear();
  const Db& db = *family.db();
  std::vector<rocksdb::PinnableSlice> values(keys.size());
  std::vector<Status> statuses(keys.size());
  db.rocks()->MultiGet(ReadOptionsOf(db, snapshot), family.handle(), keys.size(), keys.data(),
                       values.data(), statuses.data());
  for (size_t i = 0; i < keys.size(); ++i) {
    if (statuses[i].IsNotFound()) {
      AppendPacked(kAbsent, Slice(), packed_values);
    } else if (statuses[i].ok()) {
      AppendPacked(static_cast<int32_t>(values[i].size()), values[i], packed_values);
    } else {
      return statuses[i];
    }
  }
  return Status::OK();
}

Status Write(Db* db, std::string batch) {
  // A batch starts with an 8-byte sequence number and a 4-byte count.
  constexpr size_t kHeaderBytes = 12;
  if (batch.size() < kHeaderBytes) {
    return Status::InvalidArgument("a write batch is at least 12 bytes long");
  }
  rocksdb::WriteBatch updates(std::move(batch));
  return db->rocks()->Write(db->write_options(), &updates);
}

}  // namespace rockstate
