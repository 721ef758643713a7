// An entry of a memtable, as RocksDB lays it out:
//
//   [length: varint32][user key][tag: uint64, little-endian: sequence number × 256 + type][value …
//
// `length` is that of user key and tag. Entries are in the order of user keys, and of one key the
// newest comes first.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "rocksdb/memtablerep.h"
#include "rocksdb/slice.h"

namespace rockstate {

constexpr size_t kTagBytes = 8;

// User key and tag.
inline rocksdb::Slice InternalKeyOf(const char* entry) {
  const auto first = static_cast<uint8_t>(entry[0]);
  return first < 0x80 ? rocksdb::Slice(entry + 1, first) : rocksdb::GetLengthPrefixedSlice(entry);
}

inline rocksdb::Slice UserKeyOf(const rocksdb::Slice& internal_key) {
  return {internal_key.data(), internal_key.size() - kTagBytes};
}

inline uint64_t TagOf(const rocksdb::Slice& internal_key) {
  const auto* bytes =
      reinterpret_cast<const uint8_t*>(internal_key.data() + internal_key.size() - kTagBytes);
  uint64_t tag = 0;
  for (size_t i = kTagBytes; i > 0; --i) {
    tag = (tag << 8) | bytes[i - 1];
  }
  return tag;
}

// Below 0 when `a` comes first.
inline int CompareInternalKeys(const rocksdb::Slice& a, const rocksdb::Slice& b) {
  const int by_key = UserKeyOf(a).compare(UserKeyOf(b));
  if (by_key != 0) {
    return by_key;
  }
  const uint64_t a_tag = TagOf(a);
  const uint64_t b_tag = TagOf(b);
  return a_tag == b_tag ? 0 : (a_tag > b_tag ? -1 : 1);
}

// The first bytes of a key behind `skipped`, as a number that orders as they do.
inline uint64_t OrderedHead(const rocksdb::Slice& key, size_t skipped) {
  uint64_t head = 0;
  for (size_t i = 0; i < sizeof(head); ++i) {
    const size_t at = skipped + i;
    head = (head << 8) | (at < key.size() ? static_cast<uint8_t>(key[at]) : 0);
  }
  return head;
}

}  // namespace rockstate
