// Makes the memtables of keyed state. Rows are found by hash: those of a family with a prefix
// extractor by their prefixes, those of others by their whole keys.
#pragma once

#include <string>

#include "rocksdb/memtablerep.h"
#include "rocksdb/options.h"

namespace rockstate {

class KeyGroupMemTableFactory final : public rocksdb::MemTableRepFactory {
 public:
  // With the bytes of a key group behind it, such as "rockstate.KeyGroupMemTable:1", it is what
  // options say, and what RocksDB writes into its OPTIONS file.
  static constexpr const char* kName = "rockstate.KeyGroupMemTable";

  explicit KeyGroupMemTableFactory(size_t key_group_bytes) : key_group_bytes_(key_group_bytes) {}

  const char* Name() const override { return kName; }
  std::string GetId() const override;
  bool IsInsertConcurrentlySupported() const override { return true; }
  using MemTableRepFactory::CreateMemTableRep;
  rocksdb::MemTableRep* CreateMemTableRep(const rocksdb::MemTableRep::KeyComparator& comparator,
                                          rocksdb::Allocator* allocator,
                                          const rocksdb::SliceTransform* prefixes,
                                          rocksdb::Logger* logger) override;

 private:
  size_t key_group_bytes_;
};

// Makes RocksDB know the names of memtables and prefixes, once.
void RegisterMemTables();

// Fails for options that keep keys in another order than that of their bytes.
rocksdb::Status CheckMemTable(const rocksdb::ColumnFamilyOptions& options);

}  // namespace rockstate
