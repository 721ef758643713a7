#include "prefix_memtable.h"

#include <algorithm>
#include <atomic>
#include <cstring>
#include <new>

#include "db/lookup_key.h"
#include "memtable_entry.h"

namespace rockstate {

using rocksdb::Slice;

namespace {

constexpr int kMaxHeight = 12;
// A node is in the next higher list, too, with a chance of one in four.
constexpr uint32_t kBranchingMask = 3;
constexpr int kBranchingBits = 2;
constexpr int kLeastTowerHeight = 2;

}  // namespace

// Of a skip list. The pointers of higher lists are in front of it, its entry behind it.
class PrefixMemTable::Node {
 public:
  using Next = std::atomic<Node*>;

  Next& NextAt(int level) { return (&next_)[-level]; }
  const char* entry() const { return reinterpret_cast<const char*>(this + 1); }

  // The lowest list's pointer holds the height until the node is inserted.
  void StashHeight(int height) { std::memcpy(static_cast<void*>(&next_), &height, sizeof(height)); }
  int StashedHeight() const {
    int height = 0;
    std::memcpy(&height, static_cast<const void*>(&next_), sizeof(height));
    return height;
  }

 private:
  Next next_;
};

// Where the lists of a prefix begin, the lowest first, which has all nodes.
struct PrefixMemTable::Tower {
  int height;
  Node::Next first[1];
};

struct PrefixMemTable::PrefixRows {
  Link link;
  uint32_t prefix_length;
  // In the first entry that was inserted.
  const char* prefix_bytes;
  // Replaced by a higher one, when that is needed: whoever still reads the old one sees what it
  // saw.
  std::atomic<Tower*> tower;

  static const PrefixRows* From(const Link* link) {
    return reinterpret_cast<const PrefixRows*>(link);
  }
  static PrefixRows* From(Link* link) { return reinterpret_cast<PrefixRows*>(link); }

  Slice prefix() const { return {prefix_bytes, prefix_length}; }
  Node* First() const {
    return tower.load(std::memory_order_acquire)->first[0].load(std::memory_order_acquire);
  }

  // The first node that is not in front of `internal_key`. `places`, if any, becomes for each list
  // the pointer that leads past where the key would be.
  Node* FirstFrom(const Slice& internal_key, Node::Next** places) const {
    Tower* lists = tower.load(std::memory_order_acquire);
    Node* previous = nullptr;
    Node* next = nullptr;
    // Compared already, in the list above.
    const Node* behind = nullptr;
    for (int level = lists->height - 1; level >= 0; --level) {
      Node::Next* place = previous == nullptr ? &lists->first[level] : &previous->NextAt(level);
      next = place->load(std::memory_order_acquire);
      while (next != nullptr && next != behind &&
             CompareInternalKeys(InternalKeyOf(next->entry()), internal_key) < 0) {
        previous = next;
        place = &next->NextAt(level);
        next = place->load(std::memory_order_acquire);
      }
      behind = next;
      if (places != nullptr) {
        places[level] = place;
      }
    }
    return next;
  }

  // The last node in front of `internal_key`, or of all when it is null.
  Node* LastBefore(const Slice* internal_key) const {
    Tower* lists = tower.load(std::memory_order_acquire);
    Node* previous = nullptr;
    for (int level = lists->height - 1; level >= 0; --level) {
      Node* next = (previous == nullptr ? lists->first[level] : previous->NextAt(level))
                       .load(std::memory_order_acquire);
      while (next != nullptr &&
             (internal_key == nullptr ||
              CompareInternalKeys(InternalKeyOf(next->entry()), *internal_key) < 0)) {
        previous = next;
        next = next->NextAt(level).load(std::memory_order_acquire);
      }
    }
    return previous;
  }
};

class PrefixMemTable::PrefixIterator final : public MemTableRep::Iterator {
 public:
  explicit PrefixIterator(const PrefixMemTable& table) : table_(table) {}

  bool Valid() const override { return node_ != nullptr; }
  const char* key() const override { return node_->entry(); }
  void Next() override { node_ = node_->NextAt(0).load(std::memory_order_acquire); }

  void Prev() override {
    const Slice internal_key = InternalKeyOf(node_->entry());
    node_ = rows_->LastBefore(&internal_key);
  }

  void Seek(const Slice& internal_key, const char* /*entry*/) override {
    rows_ = table_.Find(UserKeyOf(internal_key));
    node_ = rows_ == nullptr ? nullptr : rows_->FirstFrom(internal_key, nullptr);
  }

  void SeekForPrev(const Slice& internal_key, const char* entry) override {
    Seek(internal_key, entry);
    const bool is_at_key =
        Valid() && CompareInternalKeys(InternalKeyOf(node_->entry()), internal_key) == 0;
    if (rows_ != nullptr && !is_at_key) {
      node_ = rows_->LastBefore(&internal_key);
    }
  }

  // RocksDB asks for these behind a Seek, whose prefix is meant.
  void SeekToFirst() override { node_ = rows_ == nullptr ? nullptr : rows_->First(); }
  void SeekToLast() override { node_ = rows_ == nullptr ? nullptr : rows_->LastBefore(nullptr); }

 private:
  const PrefixMemTable& table_;
  const PrefixRows* rows_ = nullptr;
  Node* node_ = nullptr;
};

rocksdb::KeyHandle PrefixMemTable::Allocate(size_t length, char** entry) {
  const int height = RandomHeight();
  const size_t higher_bytes = static_cast<size_t>(height - 1) * sizeof(Node::Next);
  char* bytes = AllocateBytes(higher_bytes + sizeof(Node) + length);
  Node* node = new (bytes + higher_bytes) Node();
  node->StashHeight(height);
  *entry = bytes + higher_bytes + sizeof(Node);
  return node;
}

void PrefixMemTable::Insert(rocksdb::KeyHandle handle) {
  Node* node = static_cast<Node*>(handle);
  const int height = node->StashedHeight();
  const Slice internal_key = InternalKeyOf(node->entry());
  PrefixRows* rows = FindForInsert(UserKeyOf(internal_key));
  Tower* tower = rows->tower.load(std::memory_order_relaxed);
  if (tower->height < height) {
    Tower* higher = NewTower(std::max(height, std::min(2 * tower->height, kMaxHeight)));
    for (int level = 0; level < tower->height; ++level) {
      higher->first[level].store(tower->first[level].load(std::memory_order_relaxed),
                                 std::memory_order_relaxed);
    }
    rows->tower.store(higher, std::memory_order_release);
  }
  Node::Next* places[kMaxHeight];
  rows->FirstFrom(internal_key, places);
  for (int level = 0; level < height; ++level) {
    Node::Next& next = level == 0 ? node->NextAt(0) : *new (&node->NextAt(level)) Node::Next();
    next.store(places[level]->load(std::memory_order_relaxed), std::memory_order_relaxed);
    places[level]->store(node, std::memory_order_release);
  }
}

void PrefixMemTable::Get(const rocksdb::LookupKey& key, void* callback_argument,
                         bool (*callback)(void* argument, const char* entry)) {
  const PrefixRows* rows = Find(key.user_key());
  Node* node = rows == nullptr ? nullptr : rows->FirstFrom(key.internal_key(), nullptr);
  // The callback ends at another key.
  while (node != nullptr && callback(callback_argument, node->entry())) {
    node = node->NextAt(0).load(std::memory_order_acquire);
  }
}

rocksdb::MemTableRep::Iterator* PrefixMemTable::GetDynamicPrefixIterator(rocksdb::Arena* arena) {
  return new (IteratorMemory(arena, sizeof(PrefixIterator))) PrefixIterator(*this);
}

void PrefixMemTable::Collect(const SplitList& group, std::vector<const char*>* entries) const {
  for (const Link* link = group.First(); !SplitList::IsEnd(link); link = link->Next()) {
    if (SplitList::IsBucket(link)) {
      continue;
    }
    for (Node* node = PrefixRows::From(link)->First(); node != nullptr;
         node = node->NextAt(0).load(std::memory_order_acquire)) {
      entries->push_back(node->entry());
    }
  }
}

Slice PrefixMemTable::PrefixOf(const Slice& user_key) const {
  return prefixes_->InDomain(user_key) ? prefixes_->Transform(user_key) : user_key;
}

const PrefixMemTable::PrefixRows* PrefixMemTable::Find(const Slice& user_key) const {
  const SplitList* group = FindGroup(user_key);
  if (group == nullptr) {
    return nullptr;
  }
  const Slice prefix = PrefixOf(user_key);
  const uint32_t hash = HashOf(prefix);
  const uint32_t order = SplitList::OrderOf(hash);
  for (const Link* link = group->Before(hash)->Next(); link->order <= order; link = link->Next()) {
    if (link->order == order && PrefixRows::From(link)->prefix() == prefix) {
      return PrefixRows::From(link);
    }
  }
  return nullptr;
}

PrefixMemTable::PrefixRows* PrefixMemTable::FindForInsert(const Slice& user_key) {
  SplitList* group = GroupForInsert(user_key);
  const Slice prefix = PrefixOf(user_key);
  const uint32_t hash = HashOf(prefix);
  const uint32_t order = SplitList::OrderOf(hash);
  Link* previous = group->BeforeForInsert(hash);
  for (Link* next = previous->Next(); next->order <= order; next = next->Next()) {
    if (next->order == order && PrefixRows::From(next)->prefix() == prefix) {
      return PrefixRows::From(next);
    }
    previous = next;
  }
  auto* rows =
      new (AllocateBytes(sizeof(PrefixRows))) PrefixRows{{{nullptr}, order},
                                                         static_cast<uint32_t>(prefix.size()),
                                                         prefix.data(),
                                                         {NewTower(kLeastTowerHeight)}};
  group->InsertAfter(previous, &rows->link);
  return rows;
}

PrefixMemTable::Tower* PrefixMemTable::NewTower(int height) {
  const size_t lists = static_cast<size_t>(height);
  auto* tower = new (AllocateBytes(sizeof(Tower) + (lists - 1) * sizeof(Node::Next))) Tower();
  tower->height = height;
  for (size_t level = 0; level < lists; ++level) {
    new (&tower->first[level]) Node::Next(nullptr);
  }
  return tower;
}

// Of what writers that write at once leave, any is as good.
int PrefixMemTable::RandomHeight() {
  uint32_t random = random_.load(std::memory_order_relaxed);
  random ^= random << 13;
  random ^= random >> 17;
  random ^= random << 5;
  random_.store(random, std::memory_order_relaxed);
  int height = 1;
  for (uint32_t bits = random; height < kMaxHeight && (bits & kBranchingMask) == 0;
       bits >>= kBranchingBits) {
    ++height;
  }
  return height;
}

}  // namespace rockstate
