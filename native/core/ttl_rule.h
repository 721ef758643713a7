// When the values of a state expire: judges one row, for compaction and for savepoints.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "rocksdb/slice.h"
#include "value_layout.h"

namespace rockstate {

struct TtlRule {
  enum class Rows : uint8_t { kValue, kList };

  Rows rows = Rows::kValue;
  // Bytes before the stamp, which is the time of the last access: 64 bits, big-endian.
  size_t offset = 0;
  // The largest number: for ever.
  int64_t ttl_ms = 0;
  // After how many rows the clock is read again; 0: for each.
  uint64_t query_time_after_entries = 0;
  // Of an element with its stamp; without it lists stay as they are.
  std::optional<ValueLayout> element;
};

using SharedTtlRule = std::shared_ptr<const TtlRule>;

// How many bytes of the value, from its beginning, are expired: none; all, which is the whole row;
// or the elements of a list in front of the first one that lives. A row that is not as the rule
// says lives.
size_t ExpiredBytes(const TtlRule& rule, const rocksdb::Slice& value, int64_t now_ms);

}  // namespace rockstate
