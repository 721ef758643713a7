// One memory budget for many Dbs: an LRU block cache, and a WriteBufferManager that charges
// memtables to it.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

#include "rocksdb/advanced_cache.h"
#include "rocksdb/write_buffer_manager.h"

namespace rockstate {

struct SharedMemoryLimits {
  uint64_t cache_bytes = 0;
  bool strict_capacity = false;
  double high_priority_ratio = 0.0;
  uint64_t write_buffer_bytes = 0;
};

struct SharedMemoryUsage {
  uint64_t cache_capacity = 0;
  uint64_t cache_usage = 0;
  uint64_t cache_pinned_usage = 0;
  uint64_t write_buffer_capacity = 0;
  uint64_t write_buffer_usage = 0;
  uint64_t write_buffer_mutable_usage = 0;
};

class SharedMemory {
 public:
  explicit SharedMemory(const SharedMemoryLimits& limits);

  // The memory of a name, for all threads of the process: made with these limits unless it is in
  // use already. It is freed with its last user, as any other.
  static std::shared_ptr<SharedMemory> Named(const std::string& name,
                                             const SharedMemoryLimits& limits);

  SharedMemoryUsage Usage() const;
  // Of all Dbs that share the memory, about.
  uint64_t rows() const { return rows_; }
  void ChangeRows(uint64_t before, uint64_t now) { rows_ += now - before; }
  const std::shared_ptr<rocksdb::Cache>& cache() const { return cache_; }
  const std::shared_ptr<rocksdb::WriteBufferManager>& write_buffer_manager() const {
    return write_buffer_manager_;
  }

 private:
  std::shared_ptr<rocksdb::Cache> cache_;
  std::shared_ptr<rocksdb::WriteBufferManager> write_buffer_manager_;
  std::atomic<uint64_t> rows_{0};
};

}  // namespace rockstate
