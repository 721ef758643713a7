#include "db.h"

#include <set>
#include <utility>

#include "call_options.h"
#include "rocksdb/env.h"

namespace rockstate {

using rocksdb::Slice;
using rocksdb::SliceTransform;
using rocksdb::Status;

namespace {

// A multi-get stops reading when it has so much; whoever asked asks again for the rest.
constexpr uint64_t kMaxMultiGetBytes = uint64_t{1} << 30;

}  // namespace

ColumnFamily::ColumnFamily(std::shared_ptr<Db> db, rocksdb::ColumnFamilyHandle* handle)
    : db_(std::move(db)), handle_(handle) {
  const rocksdb::Options options = db_->rocks()->GetOptions(handle_);
  merges_ = options.merge_operator != nullptr;
  UsePrefixExtractor(options.prefix_extractor);
}

ColumnFamily::~ColumnFamily() {
  db_->rocks()->DestroyColumnFamilyHandle(handle_).PermitUncheckedError();
}

Status ColumnFamily::SetOptions(const StringMap& options) {
  const std::lock_guard<std::mutex> lock(changing_);
  // Prefixes of one extractor mean nothing to another: while it may change, there is none.
  extractor_ = nullptr;
  Status status = db_->rocks()->SetOptions(handle_, options);
  UsePrefixExtractor(db_->rocks()->GetOptions(handle_).prefix_extractor);
  return status;
}

bool ColumnFamily::IsWholePrefix(const Slice& bytes) const {
  const SliceTransform* extractor = extractor_;
  return extractor != nullptr && extractor->InDomain(bytes) && extractor->Transform(bytes) == bytes;
}

void ColumnFamily::UsePrefixExtractor(std::shared_ptr<const SliceTransform> extractor) {
  extractor_ = extractor.get();
  if (extractor != nullptr && (extractors_.empty() || extractors_.back() != extractor)) {
    extractors_.push_back(std::move(extractor));
  }
}

Snapshot::Snapshot(std::shared_ptr<Db> db)
    : db_(std::move(db)),
      snapshot_(db_->rocks()->GetSnapshot()),
      read_options_(db_->read_options()) {
  read_options_.snapshot = snapshot_;
}

Snapshot::~Snapshot() { db_->rocks()->ReleaseSnapshot(snapshot_); }

Db::Db(FamilySurroundings surroundings, const CallOptions& calls,
       std::unique_ptr<rocksdb::DB> rocks)
    : surroundings_(std::move(surroundings)),
      write_options_(calls.write),
      read_options_(calls.read),
      closed_(close_result_.get_future().share()),
      rocks_(std::move(rocks)) {
  statistics_ = rocks_->GetDBOptions().statistics;
  // A write that waits for a worker may find its family dropped meanwhile. RocksDB would take that
  // for damage and refuse all further writes; unknown families are refused before a write begins.
  write_options_.ignore_missing_column_families = true;
  read_options_.value_size_soft_limit = kMaxMultiGetBytes;
}

Db::~Db() {
  Status status = rocks_->Close();
  rocks_.reset();
  close_result_.set_value(status);
}

Status Db::ListColumnFamilies(const std::string& path, std::vector<std::string>* names) {
  names->clear();
  const Status current = rocksdb::Env::Default()->FileExists(path + "/CURRENT");
  if (current.IsNotFound()) {
    return Status::OK();
  }
  return rocksdb::DB::ListColumnFamilies(rocksdb::DBOptions(), path, names);
}

Status Db::Open(const OpenRequest& request, OpenedDb* opened) {
  rocksdb::DBOptions options;
  Status status = BuildDbOptions(request.db_options, request.memory, &options);
  CallOptions calls;
  if (status.ok()) {
    status = BuildReadOptions(request.read_options, &calls.read);
  }
  if (status.ok()) {
    status = BuildWriteOptions(request.write_options, &calls.write);
  }
  if (!status.ok()) {
    return status;
  }
  status = BuildStatistics(request.statistics, &options);
  if (!status.ok()) {
    return status;
  }
  FamilySurroundings surroundings;
  surroundings.ttl_clock = std::make_shared<TtlClock>();
  if (request.memory != nullptr) {
    surroundings.memory = request.memory;
    surroundings.filter_budget = std::make_shared<FilterBudget>(request.memory);
    options.listeners.push_back(surroundings.filter_budget);
  }
  std::vector<rocksdb::ColumnFamilyDescriptor> descriptors;
  std::set<std::string> listed;
  const auto add_family = [&](const std::string& name, const ColumnFamilyRequest& family) {
    listed.insert(name);
    descriptors.emplace_back(name, rocksdb::ColumnFamilyOptions());
    return BuildColumnFamilyOptions(family, surroundings, &descriptors.back().options);
  };
  for (const ColumnFamilyRequest& family : request.column_families) {
    status = add_family(family.name, family);
    if (!status.ok()) {
      return status;
    }
  }
  std::vector<std::string> found;
  status = ListColumnFamilies(request.path, &found);
  if (!status.ok()) {
    return status;
  }
  found.push_back(rocksdb::kDefaultColumnFamilyName);
  for (const std::string& name : found) {
    if (listed.count(name) == 0) {
      status = add_family(name, request.unlisted);
      if (!status.ok()) {
        return status;
      }
    }
  }

  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* rocks = nullptr;
  status = rocksdb::DB::Open(options, request.path, descriptors, &handles, &rocks);
  if (!status.ok()) {
    return status;
  }
  if (surroundings.filter_budget != nullptr) {
    surroundings.filter_budget->CountRows(rocks);
  }
  opened->db.reset(new Db(std::move(surroundings), calls, std::unique_ptr<rocksdb::DB>(rocks)));
  for (rocksdb::ColumnFamilyHandle* handle : handles) {
    opened->column_families.push_back(std::make_shared<ColumnFamily>(opened->db, handle));
  }
  return Status::OK();
}

Status Db::CreateColumnFamily(const ColumnFamilyRequest& request,
                              std::shared_ptr<ColumnFamily>* family) {
  rocksdb::ColumnFamilyOptions options;
  Status status = BuildColumnFamilyOptions(request, surroundings_, &options);
  if (!status.ok()) {
    return status;
  }
  rocksdb::ColumnFamilyHandle* handle = nullptr;
  status = rocks_->CreateColumnFamily(options, request.name, &handle);
  if (status.ok()) {
    *family = std::make_shared<ColumnFamily>(shared_from_this(), handle);
  }
  return status;
}

Status Db::DropColumnFamily(const ColumnFamily& family) {
  return rocks_->DropColumnFamily(family.handle());
}

}  // namespace rockstate
