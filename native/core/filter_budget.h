// Filters are of use while they stay in memory: a filter is one block of a file, of megabytes where
// rows are small, and one that has to be read for a row costs more than all that it spares. So
// files below level 0 have filters only as long as the filters of all rows would fit in a part of
// the memory that Dbs share.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>

#include "rocksdb/db.h"
#include "rocksdb/filter_policy.h"
#include "rocksdb/listener.h"
#include "shared_memory.h"

namespace rockstate {

// Tells the shared memory how many rows a Db has, whenever files were written.
class FilterBudget final : public rocksdb::EventListener {
 public:
  explicit FilterBudget(std::shared_ptr<SharedMemory> memory) : memory_(std::move(memory)) {}
  ~FilterBudget() override;
  FilterBudget(const FilterBudget&) = delete;
  FilterBudget& operator=(const FilterBudget&) = delete;

  void CountRows(rocksdb::DB* db);
  // Whether the filters of all rows, of all Dbs that share the memory, would fit.
  bool HasRoom() const;

  const char* Name() const override { return "rockstate.FilterBudget"; }
  void OnFlushCompleted(rocksdb::DB* db, const rocksdb::FlushJobInfo& info) override;
  void OnCompactionCompleted(rocksdb::DB* db, const rocksdb::CompactionJobInfo& info) override;

 private:
  std::shared_ptr<SharedMemory> memory_;
  std::atomic<uint64_t> rows_{0};
};

// Makes the filters of `policy` for flushed files, which are few and soon compacted, and for others
// while the budget has room. In all else it is that policy.
std::shared_ptr<const rocksdb::FilterPolicy> WithinBudget(
    std::shared_ptr<const rocksdb::FilterPolicy> policy, std::shared_ptr<FilterBudget> budget);

}  // namespace rockstate
