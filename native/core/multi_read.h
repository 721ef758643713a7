// Reads many keys at once, a part of them after another, on as many threads as are at hand.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "db.h"
#include "rocksdb/slice.h"

namespace rockstate {

// One thread calls Run. Others may call Help meanwhile, or later, or not at all.
class MultiRead {
 public:
  // Keys come packed as packed.h says. `snapshot` may be null: the newest state is read, of all
  // keys at the same moment.
  MultiRead(std::shared_ptr<ColumnFamily> family, std::shared_ptr<Snapshot> snapshot,
            std::string packed_keys);
  MultiRead(const MultiRead&) = delete;
  MultiRead& operator=(const MultiRead&) = delete;

  // Finds the keys in what is packed, and answers how many threads may share the work.
  rocksdb::Status Prepare(size_t* threads);
  // Values go packed as packed.h says.
  rocksdb::Status Run(std::string* packed_values);
  void Help() noexcept;

 private:
  bool TakePart(size_t* begin, size_t* end);
  void Sort();
  void ReadParts();
  void ReadPart(size_t begin, size_t end);
  rocksdb::Status Pack(std::string* packed_values) const;

  const std::shared_ptr<ColumnFamily> family_;
  const std::string packed_keys_;
  std::vector<rocksdb::Slice> keys_;

  std::mutex mutex_;
  std::condition_variable part_done_;
  // Guarded by the mutex.
  bool is_sorted_ = false;
  size_t next_ = 0;
  int parts_under_way_ = 0;
  uint64_t bytes_read_ = 0;
  rocksdb::Status failure_;

  // Made under the mutex by who comes first; slots are then written by the thread that took them.
  std::shared_ptr<Snapshot> snapshot_;
  std::vector<rocksdb::Slice> sorted_keys_;
  // Where in the sorted order each key is.
  std::vector<size_t> slots_;
  std::vector<rocksdb::PinnableSlice> values_;
  std::vector<rocksdb::Status> statuses_;
};

}  // namespace rockstate
