// One state's rows in a database with the options that rockstate opens its own with, and the items
// that work on them. The bytes of keys and values are those of Flink, too.
#pragma once

#include <memory>
#include <string>

#include "db.h"
#include "rocksdb/slice.h"
#include "work.h"

namespace rockstate::floor {

// Key group, key, the void namespace, and a map's key.
class RowKey {
 public:
  explicit RowKey(int64_t key);
  RowKey(int64_t key, int64_t map_key);

  rocksdb::Slice slice() const { return {bytes_, size_}; }

 private:
  char bytes_[18];
  size_t size_;
};

class OpenState {
 public:
  OpenState(OpenedDb opened, uint32_t key_count, bool is_map);

  // Does the work once, and answers what it adds to the checksum; `index` counts the calls.
  using Item = uint32_t (*)(OpenState* state, int64_t index);
  // Null when there is none.
  static Item FindItem(const std::string& name);

  // Stores what there is before the items begin.
  void Fill();
  // A checksum of what some of the keys have, those of the set-up and new ones.
  uint32_t Digest();
  // Waits until nothing is being flushed or compacted.
  void Settle();

  const Work& work() const { return work_; }
  void PutLong(const RowKey& key, int64_t value);
  void PutDouble(const RowKey& key, double value);
  void Delete(const RowKey& key);
  // False when there is none.
  bool GetLong(const RowKey& key, int64_t* value);
  bool GetDouble(const RowKey& key, double* value);

 private:
  uint32_t DigestOf(int64_t key);
  bool IsBusy() const;
  bool Get(const RowKey& key, size_t size);

  OpenedDb opened_;
  rocksdb::DB* rocks_;
  rocksdb::ColumnFamilyHandle* family_;
  bool is_map_;
  Work work_;
  rocksdb::PinnableSlice value_;
};

}  // namespace rockstate::floor
