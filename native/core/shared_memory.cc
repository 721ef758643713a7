#include "shared_memory.h"

#include <iterator>
#include <map>
#include <mutex>

namespace rockstate {
namespace {

// RocksDB would choose shards of half a megabyte, which the index of a large file does not fit
// into: it would be read again with every block. The threads that share a cache are few here.
constexpr size_t kLeastShardBytes = size_t{32} << 20;
constexpr int kMostShardBits = 6;
// A stalled writer waits for flushes of other Dbs, which may themselves be stalled: with many
// column families on one budget every writer can block for ever. Exceeding the budget for a moment
// is the lesser evil.
constexpr bool kAllowStall = false;

int ShardBits(size_t cache_bytes) {
  int bits = 0;
  while (bits < kMostShardBits && (cache_bytes >> (bits + 1)) >= kLeastShardBytes) {
    ++bits;
  }
  return bits;
}

}  // namespace

SharedMemory::SharedMemory(const SharedMemoryLimits& limits) {
  rocksdb::LRUCacheOptions cache(limits.cache_bytes, ShardBits(limits.cache_bytes),
                                 limits.strict_capacity, limits.high_priority_ratio);
  cache_ = cache.MakeSharedCache();
  write_buffer_manager_ =
      std::make_shared<rocksdb::WriteBufferManager>(limits.write_buffer_bytes, cache_, kAllowStall);
}

std::shared_ptr<SharedMemory> SharedMemory::Named(const std::string& name,
                                                  const SharedMemoryLimits& limits) {
  static std::mutex mutex;
  static std::map<std::string, std::weak_ptr<SharedMemory>> by_name;
  const std::lock_guard<std::mutex> lock(mutex);
  std::shared_ptr<SharedMemory> memory = by_name[name].lock();
  if (memory == nullptr) {
    for (auto entry = by_name.begin(); entry != by_name.end();) {
      entry = entry->second.expired() ? by_name.erase(entry) : std::next(entry);
    }
    memory = std::make_shared<SharedMemory>(limits);
    by_name[name] = memory;
  }
  return memory;
}

SharedMemoryUsage SharedMemory::Usage() const {
  SharedMemoryUsage usage;
  usage.cache_capacity = cache_->GetCapacity();
  usage.cache_usage = cache_->GetUsage();
  usage.cache_pinned_usage = cache_->GetPinnedUsage();
  usage.write_buffer_capacity = write_buffer_manager_->buffer_size();
  usage.write_buffer_usage = write_buffer_manager_->memory_usage();
  usage.write_buffer_mutable_usage = write_buffer_manager_->mutable_memtable_memory_usage();
  return usage;
}

}  // namespace rockstate
