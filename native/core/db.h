// An open RocksDB with its column families and snapshots, and the order in which they end: children
// hold a shared_ptr to their Db, so that the last one out closes it.
#pragma once

#include <atomic>
#include <cstdint>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "open_options.h"
#include "rocksdb/db.h"
#include "rocksdb/slice_transform.h"
#include "rocksdb/statistics.h"

namespace rockstate {

class Db;

struct CallOptions {
  rocksdb::ReadOptions read;
  rocksdb::WriteOptions write;
};

struct OpenRequest {
  std::string path;
  StringMap db_options;
  // Families to open, created when missing.
  std::vector<ColumnFamilyRequest> column_families;
  // Options of families found on disk but not listed above; its name is not used.
  ColumnFamilyRequest unlisted;
  std::shared_ptr<SharedMemory> memory;
  // Of every read and write; see call_options.h.
  StringMap read_options;
  StringMap write_options;
  // What BuildStatistics takes.
  std::string statistics;
};

class ColumnFamily {
 public:
  ColumnFamily(std::shared_ptr<Db> db, rocksdb::ColumnFamilyHandle* handle);
  ~ColumnFamily();
  ColumnFamily(const ColumnFamily&) = delete;
  ColumnFamily& operator=(const ColumnFamily&) = delete;

  const std::shared_ptr<Db>& db() const { return db_; }
  rocksdb::ColumnFamilyHandle* handle() const { return handle_; }
  uint32_t id() const { return handle_->GetID(); }
  const std::string& name() const { return handle_->GetName(); }

  // Whether operands can be merged.
  bool merges() const { return merges_; }

  // Changes options that RocksDB can change while the family is open.
  rocksdb::Status SetOptions(const StringMap& options);

  // Whether all keys that start with these bytes, and no others, are of one prefix, as the family's
  // prefix extractor has it.
  bool IsWholePrefix(const rocksdb::Slice& bytes) const;

 private:
  void UsePrefixExtractor(std::shared_ptr<const rocksdb::SliceTransform> extractor);

  std::shared_ptr<Db> db_;
  rocksdb::ColumnFamilyHandle* handle_;
  bool merges_ = false;
  std::mutex changing_;
  // Those that were in effect before are kept, as a scan that is being opened may still ask them.
  std::vector<std::shared_ptr<const rocksdb::SliceTransform>> extractors_;
  // Null where the family has none. Asking RocksDB copies all options, too slow for each scan.
  std::atomic<const rocksdb::SliceTransform*> extractor_{nullptr};
};

class Snapshot {
 public:
  explicit Snapshot(std::shared_ptr<Db> db);
  ~Snapshot();
  Snapshot(const Snapshot&) = delete;
  Snapshot& operator=(const Snapshot&) = delete;

  uint64_t sequence_number() const { return snapshot_->GetSequenceNumber(); }
  const rocksdb::ReadOptions& read_options() const { return read_options_; }

 private:
  std::shared_ptr<Db> db_;
  const rocksdb::Snapshot* snapshot_;
  rocksdb::ReadOptions read_options_;
};

struct OpenedDb {
  std::shared_ptr<Db> db;
  std::vector<std::shared_ptr<ColumnFamily>> column_families;
};

class Db : public std::enable_shared_from_this<Db> {
 public:
  static rocksdb::Status Open(const OpenRequest& request, OpenedDb* opened);
  // The families of the database at `path`; none when there is no database.
  static rocksdb::Status ListColumnFamilies(const std::string& path,
                                            std::vector<std::string>* names);

  ~Db();
  Db(const Db&) = delete;
  Db& operator=(const Db&) = delete;

  rocksdb::Status CreateColumnFamily(const ColumnFamilyRequest& request,
                                     std::shared_ptr<ColumnFamily>* family);
  rocksdb::Status DropColumnFamily(const ColumnFamily& family);

  rocksdb::DB* rocks() const { return rocks_.get(); }
  const FamilySurroundings& surroundings() const { return surroundings_; }
  // Of the filters that drop what expired.
  TtlClock* ttl_clock() const { return surroundings_.ttl_clock.get(); }
  // Null when none are kept.
  const rocksdb::Statistics* statistics() const { return statistics_.get(); }
  const rocksdb::WriteOptions& write_options() const { return write_options_; }
  const rocksdb::ReadOptions& read_options() const { return read_options_; }
  // Becomes ready with the status of closing, when the last child is gone.
  std::shared_future<rocksdb::Status> closed() const { return closed_; }

 private:
  Db(FamilySurroundings surroundings, const CallOptions& calls, std::unique_ptr<rocksdb::DB> rocks);

  // Outlive the database, whose blocks and memtables are charged to the memory.
  FamilySurroundings surroundings_;
  std::shared_ptr<rocksdb::Statistics> statistics_;
  rocksdb::WriteOptions write_options_;
  rocksdb::ReadOptions read_options_;
  std::promise<rocksdb::Status> close_result_;
  std::shared_future<rocksdb::Status> closed_;
  std::unique_ptr<rocksdb::DB> rocks_;
};

}  // namespace rockstate
