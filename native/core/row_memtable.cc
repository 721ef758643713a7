#include "row_memtable.h"

#include <cstddef>

#include "db/lookup_key.h"
#include "memtable_entry.h"

namespace rockstate {

using rocksdb::Slice;

namespace {

// An entry is right behind the link's order.
constexpr size_t kEntryOffset = offsetof(Link, order) + sizeof(Link::order);

const char* EntryOf(const Link* link) { return reinterpret_cast<const char*>(link) + kEntryOffset; }

// The last link in front of the place of an entry: behind those with hashes in front of its own,
// of other keys with the same hash, and newer entries of its key.
template <typename LinkPointer>
LinkPointer LastBefore(LinkPointer previous, uint32_t order, const Slice& internal_key) {
  const Slice user_key = UserKeyOf(internal_key);
  bool has_newer = false;
  for (LinkPointer next = previous->Next(); next->order <= order; next = next->Next()) {
    if (next->order == order) {
      const Slice other = InternalKeyOf(EntryOf(next));
      const bool is_same = UserKeyOf(other) == user_key;
      if (is_same ? TagOf(other) <= TagOf(internal_key) : has_newer) {
        break;
      }
      has_newer = is_same;
    }
    previous = next;
  }
  return previous;
}

}  // namespace

// Entries of one key are behind each other, from the newest to the oldest.
class RowMemTable::KeyIterator final : public MemTableRep::Iterator {
 public:
  explicit KeyIterator(const RowMemTable& table) : table_(table) {}

  bool Valid() const override { return link_ != nullptr; }
  const char* key() const override { return EntryOf(link_); }

  void Next() override {
    const Link* next = link_->Next();
    const bool is_same = next->order == link_->order &&
                         UserKeyOf(InternalKeyOf(EntryOf(next))) == UserKeyOf(InternalKeyOf(key()));
    link_ = is_same ? next : nullptr;
  }

  void Seek(const Slice& internal_key, const char* /*entry*/) override {
    link_ = table_.Find(internal_key);
  }

  // A key by itself has no others before it.
  void Prev() override { link_ = nullptr; }
  void SeekForPrev(const Slice& internal_key, const char* entry) override {
    Seek(internal_key, entry);
  }
  void SeekToFirst() override { link_ = nullptr; }
  void SeekToLast() override { link_ = nullptr; }

 private:
  const RowMemTable& table_;
  const Link* link_ = nullptr;
};

rocksdb::KeyHandle RowMemTable::Allocate(size_t length, char** entry) {
  char* link = AllocateBytes(kEntryOffset + length);
  *entry = link + kEntryOffset;
  return link;
}

void RowMemTable::Insert(rocksdb::KeyHandle handle) {
  Link* link = static_cast<Link*>(handle);
  const Slice internal_key = InternalKeyOf(EntryOf(link));
  const Slice user_key = UserKeyOf(internal_key);
  const uint32_t hash = HashOf(user_key);
  link->order = SplitList::OrderOf(hash);
  SplitList* group = GroupForInsert(user_key);
  group->InsertAfter(LastBefore(group->BeforeForInsert(hash), link->order, internal_key), link);
}

void RowMemTable::Get(const rocksdb::LookupKey& key, void* callback_argument,
                      bool (*callback)(void* argument, const char* entry)) {
  const Link* link = Find(key.internal_key());
  // The callback ends at another key.
  while (link != nullptr && !SplitList::IsEnd(link) && !SplitList::IsBucket(link) &&
         callback(callback_argument, EntryOf(link))) {
    link = link->Next();
  }
}

rocksdb::MemTableRep::Iterator* RowMemTable::GetDynamicPrefixIterator(rocksdb::Arena* arena) {
  return new (IteratorMemory(arena, sizeof(KeyIterator))) KeyIterator(*this);
}

void RowMemTable::Collect(const SplitList& group, std::vector<const char*>* entries) const {
  entries->reserve(group.size());
  for (const Link* link = group.First(); !SplitList::IsEnd(link); link = link->Next()) {
    if (!SplitList::IsBucket(link)) {
      entries->push_back(EntryOf(link));
    }
  }
}

const Link* RowMemTable::Find(const Slice& internal_key) const {
  const Slice user_key = UserKeyOf(internal_key);
  const SplitList* group = FindGroup(user_key);
  if (group == nullptr) {
    return nullptr;
  }
  const uint32_t hash = HashOf(user_key);
  const uint32_t order = SplitList::OrderOf(hash);
  const Link* link = LastBefore(group->Before(hash), order, internal_key)->Next();
  const bool is_found = link->order == order && UserKeyOf(InternalKeyOf(EntryOf(link))) == user_key;
  return is_found ? link : nullptr;
}

}  // namespace rockstate
