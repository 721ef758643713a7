#include "point.h"

#include "list_merge.h"
#include "rocksdb/comparator.h"

namespace rockstate {

using rocksdb::Slice;
using rocksdb::Status;

const rocksdb::ReadOptions& ReadOptionsOf(const Db& db, const Snapshot* snapshot) {
  return snapshot == nullptr ? db.read_options() : snapshot->read_options();
}

namespace {

// The memory of a batch that was longer is given back.
constexpr size_t kKeptBatchBytes = size_t{64} * 1024;

class BatchChecker final : public rocksdb::WriteBatch::Handler {
 public:
  explicit BatchChecker(const FindColumnFamily& find) : find_(find) {}

  Status PutCF(uint32_t family, const Slice& /*key*/, const Slice& /*value*/) override {
    return CheckFamily(family);
  }
  Status MergeCF(uint32_t family, const Slice& /*key*/, const Slice& /*operand*/) override {
    return CheckFamily(family);
  }
  Status DeleteCF(uint32_t family, const Slice& /*key*/) override { return CheckFamily(family); }
  Status DeleteRangeCF(uint32_t id, const Slice& lower, const Slice& upper) override {
    const ColumnFamily* family = find_(id);
    if (family == nullptr) {
      return UnknownFamily();
    }
    if (family->handle()->GetComparator()->Compare(lower, upper) > 0) {
      return Status::InvalidArgument("the upper bound of a range deletion is before its lower one");
    }
    return Status::OK();
  }

 private:
  static Status UnknownFamily() { return Status::InvalidArgument("unknown column family"); }
  Status CheckFamily(uint32_t family) const {
    return find_(family) == nullptr ? UnknownFamily() : Status::OK();
  }

  const FindColumnFamily& find_;
};

}  // namespace

Status Get(const ColumnFamily& family, const Snapshot* snapshot, const Slice& key,
           rocksdb::PinnableSlice* value) {
  const MergeScope scope(MergePurpose::kReadValue);
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

Status PointWriter::Put(const ColumnFamily& family, const Slice& key, const Slice& value) {
  Status status = batch_.Put(family.handle(), key, value);
  return status.ok() ? Apply(*family.db()) : status;
}

// A batch would take operands for a family that can't read them.
Status PointWriter::Merge(const ColumnFamily& family, const Slice& key, const Slice& operand) {
  if (!family.merges()) {
    return rockstate::Merge(family, key, operand);
  }
  Status status = batch_.Merge(family.handle(), key, operand);
  return status.ok() ? Apply(*family.db()) : status;
}

Status PointWriter::Delete(const ColumnFamily& family, const Slice& key) {
  Status status = batch_.Delete(family.handle(), key);
  return status.ok() ? Apply(*family.db()) : status;
}

Status PointWriter::Apply(const Db& db) {
  Status status = db.rocks()->Write(db.write_options(), &batch_);
  if (batch_.GetDataSize() > kKeptBatchBytes) {
    batch_ = rocksdb::WriteBatch();
  } else {
    batch_.Clear();
  }
  return status;
}

Status CheckBatch(const rocksdb::WriteBatch& batch, const FindColumnFamily& find) {
  BatchChecker checker(find);
  return batch.Iterate(&checker);
}

Status Write(Db* db, rocksdb::WriteBatch* batch) {
  return db->rocks()->Write(db->write_options(), batch);
}

}  // namespace rockstate
