// A memtable of rows that are found by their whole keys, such as those of value states.
#pragma once

#include <vector>

#include "key_group_memtable.h"

namespace rockstate {

class RowMemTable final : public KeyGroupMemTable {
 public:
  using KeyGroupMemTable::KeyGroupMemTable;

  rocksdb::KeyHandle Allocate(size_t length, char** entry) override;
  void Insert(rocksdb::KeyHandle handle) override;
  void Get(const rocksdb::LookupKey& key, void* callback_argument,
           bool (*callback)(void* argument, const char* entry)) override;
  // Over the entries of one key.
  Iterator* GetDynamicPrefixIterator(rocksdb::Arena* arena) override;

 protected:
  void Collect(const SplitList& group, std::vector<const char*>* entries) const override;

 private:
  class KeyIterator;

  // The newest entry of the key of an internal key that is not newer than that; null when there is
  // none.
  const Link* Find(const rocksdb::Slice& internal_key) const;
};

}  // namespace rockstate
