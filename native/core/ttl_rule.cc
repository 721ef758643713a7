#include "ttl_rule.h"

#include <algorithm>
#include <limits>

#include "list_merge.h"

namespace rockstate {
namespace {

using rocksdb::Slice;

constexpr int64_t kForever = std::numeric_limits<int64_t>::max();

bool IsExpired(const TtlRule& rule, Slice bytes, int64_t now_ms) {
  int64_t stamp_ms = 0;
  if (bytes.size() < rule.offset) {
    return false;
  }
  bytes.remove_prefix(rule.offset);
  if (!TakeBigEndian(&bytes, &stamp_ms)) {
    return false;
  }
  const int64_t room = stamp_ms > 0 ? kForever - stamp_ms : kForever;
  return stamp_ms + std::min(room, rule.ttl_ms) <= now_ms;
}

size_t ExpiredBytesOfList(const TtlRule& rule, const Slice& list, int64_t now_ms) {
  Slice left = list;
  while (IsExpired(rule, left, now_ms)) {
    if (!rule.element->Skip(&left)) {
      return 0;
    }
    if (left.empty()) {
      return list.size();
    }
    if (left[0] != kListDelimiter) {
      return 0;
    }
    left.remove_prefix(1);
  }
  // What is too short for a stamp is no element.
  const bool is_list = left.size() >= rule.offset + sizeof(int64_t);
  return is_list ? list.size() - left.size() : 0;
}

}  // namespace

size_t ExpiredBytes(const TtlRule& rule, const Slice& value, int64_t now_ms) {
  if (rule.ttl_ms == kForever) {
    return 0;
  }
  if (rule.rows == TtlRule::Rows::kValue) {
    return IsExpired(rule, value, now_ms) ? value.size() : 0;
  }
  return rule.element.has_value() ? ExpiredBytesOfList(rule, value, now_ms) : 0;
}

}  // namespace rockstate
