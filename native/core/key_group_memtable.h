// What memtables have in common that keep the rows of each key group by themselves, in hash tables:
// going through all rows in order. Only then are rows sorted, those of one key group at a time.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "rocksdb/memtablerep.h"
#include "split_list.h"

namespace rockstate {

class KeyGroupMemTable : public rocksdb::MemTableRep {
 public:
  // Keys begin with their key group, of one or two bytes; with none, all rows are in one group.
  KeyGroupMemTable(rocksdb::Allocator* allocator, size_t key_group_bytes);

  void InsertConcurrently(rocksdb::KeyHandle handle) override;
  bool Contains(const char* entry) const override;
  // All memory is the allocator's.
  size_t ApproximateMemoryUsage() override { return 0; }
  Iterator* GetIterator(rocksdb::Arena* arena) override;

 protected:
  static constexpr size_t kNoGroup = SIZE_MAX;

  // The hash of what a row is looked up by.
  static uint32_t HashOf(const rocksdb::Slice& bytes);

  size_t key_group_bytes() const { return key_group_bytes_; }
  // Null when nothing was inserted into it.
  const SplitList* FindGroup(const rocksdb::Slice& user_key) const;
  // For the writer.
  SplitList* GroupForInsert(const rocksdb::Slice& user_key);
  char* AllocateBytes(size_t bytes);

  // All entries of a key group, in any order.
  virtual void Collect(const SplitList& group, std::vector<const char*>* entries) const = 0;

 private:
  class OrderedIterator;
  static constexpr size_t kPageGroups = 256;
  using Page = std::array<std::atomic<SplitList*>, kPageGroups>;

  size_t NumberOf(const rocksdb::Slice& user_key) const;
  const SplitList* Group(size_t number) const;
  // The first group that has rows from `number` on, or down from it; kNoGroup when there is none.
  size_t GroupFrom(size_t number) const;
  size_t GroupDownFrom(size_t number) const;
  void CollectInOrder(size_t number, std::vector<const char*>* entries) const;

  size_t key_group_bytes_;
  std::array<std::atomic<Page*>, kPageGroups> pages_{};
  std::mutex insert_mutex_;
};

// Where an iterator is made: in `arena`, whose owner only ends it, or by itself.
void* IteratorMemory(rocksdb::Arena* arena, size_t bytes);

}  // namespace rockstate
