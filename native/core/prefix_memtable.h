// A memtable of rows that are found, and gone through, by a prefix of their keys that many rows may
// share, such as the entries of a map: those of one prefix are in a skip list of their own.
#pragma once

#include <atomic>
#include <vector>

#include "key_group_memtable.h"
#include "rocksdb/slice_transform.h"

namespace rockstate {

class PrefixMemTable final : public KeyGroupMemTable {
 public:
  // A key that is not in the transform's domain is a prefix by itself.
  PrefixMemTable(rocksdb::Allocator* allocator, size_t key_group_bytes,
                 const rocksdb::SliceTransform* prefixes)
      : KeyGroupMemTable(allocator, key_group_bytes), prefixes_(prefixes) {}

  rocksdb::KeyHandle Allocate(size_t length, char** entry) override;
  void Insert(rocksdb::KeyHandle handle) override;
  void Get(const rocksdb::LookupKey& key, void* callback_argument,
           bool (*callback)(void* argument, const char* entry)) override;
  // Over the entries of the prefix that it seeks.
  Iterator* GetDynamicPrefixIterator(rocksdb::Arena* arena) override;

 protected:
  void Collect(const SplitList& group, std::vector<const char*>* entries) const override;

 private:
  class Node;
  struct Tower;
  struct PrefixRows;
  class PrefixIterator;

  rocksdb::Slice PrefixOf(const rocksdb::Slice& user_key) const;
  // The rows of a key's prefix; null when there are none.
  const PrefixRows* Find(const rocksdb::Slice& user_key) const;
  PrefixRows* FindForInsert(const rocksdb::Slice& user_key);
  Tower* NewTower(int height);
  int RandomHeight();

  const rocksdb::SliceTransform* prefixes_;
  std::atomic<uint32_t> random_{1};
};

}  // namespace rockstate
