#include "key_group_memtable.h"

#include <functional>
#include <new>
#include <string_view>
#include <utility>

#include "memory/arena.h"
#include "memtable_entry.h"

namespace rockstate {

using rocksdb::Slice;

// Positions are in the sorted entries of one key group. Entries that are inserted later are not
// among them; they are newer than whoever reads.
class KeyGroupMemTable::OrderedIterator final : public MemTableRep::Iterator {
 public:
  explicit OrderedIterator(const KeyGroupMemTable& table) : table_(table) {}

  bool Valid() const override { return position_ < entries_.size(); }
  const char* key() const override { return entries_[position_]; }

  void Next() override {
    ++position_;
    if (!Valid()) {
      MoveToFirstOf(table_.GroupFrom(group_ + 1));
    }
  }

  void Prev() override {
    if (position_ > 0) {
      --position_;
    } else {
      MoveToLastOf(group_ == 0 ? kNoGroup : table_.GroupDownFrom(group_ - 1));
    }
  }

  void Seek(const Slice& internal_key, const char* /*entry*/) override {
    const size_t wanted = table_.NumberOf(UserKeyOf(internal_key));
    const size_t found = table_.GroupFrom(wanted);
    if (found != wanted) {
      MoveToFirstOf(found);
      return;
    }
    Load(found);
    position_ = LowerBound(internal_key);
    if (!Valid()) {
      MoveToFirstOf(table_.GroupFrom(found + 1));
    }
  }

  void SeekForPrev(const Slice& internal_key, const char* entry) override {
    Seek(internal_key, entry);
    if (!Valid()) {
      SeekToLast();
    }
    while (Valid() && CompareInternalKeys(InternalKeyOf(key()), internal_key) > 0) {
      Prev();
    }
  }

  void SeekToFirst() override { MoveToFirstOf(table_.GroupFrom(0)); }
  void SeekToLast() override { MoveToLastOf(table_.GroupDownFrom(kPageGroups * kPageGroups - 1)); }

 private:
  void Load(size_t group) {
    if (group != group_) {
      entries_.clear();
      group_ = group;
      if (group != kNoGroup) {
        table_.CollectInOrder(group, &entries_);
      }
    }
  }

  void MoveToFirstOf(size_t group) {
    Load(group);
    position_ = 0;
  }

  void MoveToLastOf(size_t group) {
    Load(group);
    position_ = entries_.empty() ? 0 : entries_.size() - 1;
  }

  size_t LowerBound(const Slice& internal_key) const {
    const auto found = std::lower_bound(
        entries_.begin(), entries_.end(), internal_key, [](const char* entry, const Slice& wanted) {
          return CompareInternalKeys(InternalKeyOf(entry), wanted) < 0;
        });
    return static_cast<size_t>(found - entries_.begin());
  }

  const KeyGroupMemTable& table_;
  size_t group_ = kNoGroup;
  std::vector<const char*> entries_;
  size_t position_ = 0;
};

KeyGroupMemTable::KeyGroupMemTable(rocksdb::Allocator* allocator, size_t key_group_bytes)
    : MemTableRep(allocator), key_group_bytes_(key_group_bytes) {}

void KeyGroupMemTable::InsertConcurrently(rocksdb::KeyHandle handle) {
  const std::lock_guard<std::mutex> lock(insert_mutex_);
  Insert(handle);
}

bool KeyGroupMemTable::Contains(const char* entry) const {
  OrderedIterator iterator(*this);
  iterator.Seek(InternalKeyOf(entry), entry);
  return iterator.Valid() &&
         CompareInternalKeys(InternalKeyOf(iterator.key()), InternalKeyOf(entry)) == 0;
}

rocksdb::MemTableRep::Iterator* KeyGroupMemTable::GetIterator(rocksdb::Arena* arena) {
  return new (IteratorMemory(arena, sizeof(OrderedIterator))) OrderedIterator(*this);
}

uint32_t KeyGroupMemTable::HashOf(const Slice& bytes) {
  const auto hash =
      static_cast<uint64_t>(std::hash<std::string_view>()({bytes.data(), bytes.size()}));
  return static_cast<uint32_t>(hash ^ (hash >> 32));
}

const SplitList* KeyGroupMemTable::FindGroup(const Slice& user_key) const {
  return Group(NumberOf(user_key));
}

SplitList* KeyGroupMemTable::GroupForInsert(const Slice& user_key) {
  const size_t number = NumberOf(user_key);
  std::atomic<Page*>& page = pages_[number / kPageGroups];
  if (page.load(std::memory_order_relaxed) == nullptr) {
    page.store(new (AllocateBytes(sizeof(Page))) Page(), std::memory_order_release);
  }
  std::atomic<SplitList*>& group = (*page.load(std::memory_order_relaxed))[number % kPageGroups];
  if (group.load(std::memory_order_relaxed) == nullptr) {
    group.store(new (AllocateBytes(sizeof(SplitList))) SplitList(allocator_),
                std::memory_order_release);
  }
  return group.load(std::memory_order_relaxed);
}

char* KeyGroupMemTable::AllocateBytes(size_t bytes) { return allocator_->AllocateAligned(bytes); }

// A key that is shorter than a key group comes before all keys of the group that it begins.
size_t KeyGroupMemTable::NumberOf(const Slice& user_key) const {
  size_t number = 0;
  for (size_t i = 0; i < key_group_bytes_; ++i) {
    number = (number << 8) | (i < user_key.size() ? static_cast<uint8_t>(user_key[i]) : 0);
  }
  return number;
}

const SplitList* KeyGroupMemTable::Group(size_t number) const {
  const Page* page = pages_[number / kPageGroups].load(std::memory_order_acquire);
  return page == nullptr ? nullptr : (*page)[number % kPageGroups].load(std::memory_order_acquire);
}

size_t KeyGroupMemTable::GroupFrom(size_t number) const {
  while (number < kPageGroups * kPageGroups) {
    const Page* page = pages_[number / kPageGroups].load(std::memory_order_acquire);
    if (page == nullptr) {
      number = (number / kPageGroups + 1) * kPageGroups;
    } else if (Group(number) != nullptr) {
      return number;
    } else {
      ++number;
    }
  }
  return kNoGroup;
}

size_t KeyGroupMemTable::GroupDownFrom(size_t number) const {
  // Counts down past 0 to kNoGroup.
  while (number != kNoGroup) {
    const Page* page = pages_[number / kPageGroups].load(std::memory_order_acquire);
    if (page == nullptr) {
      number = number / kPageGroups * kPageGroups - 1;
    } else if (Group(number) != nullptr) {
      return number;
    } else {
      --number;
    }
  }
  return kNoGroup;
}

void KeyGroupMemTable::CollectInOrder(size_t number, std::vector<const char*>* entries) const {
  Collect(*Group(number), entries);
  // Most comparisons end at the heads of keys, which are side by side.
  std::vector<std::pair<uint64_t, const char*>> headed;
  headed.reserve(entries->size());
  for (const char* entry : *entries) {
    headed.emplace_back(OrderedHead(UserKeyOf(InternalKeyOf(entry)), key_group_bytes_), entry);
  }
  std::sort(headed.begin(), headed.end(), [](const auto& a, const auto& b) {
    return a.first != b.first
               ? a.first < b.first
               : CompareInternalKeys(InternalKeyOf(a.second), InternalKeyOf(b.second)) < 0;
  });
  std::transform(headed.begin(), headed.end(), entries->begin(),
                 [](const auto& entry) { return entry.second; });
}

void* IteratorMemory(rocksdb::Arena* arena, size_t bytes) {
  return arena == nullptr ? ::operator new(bytes) : arena->AllocateAligned(bytes);
}

}  // namespace rockstate
