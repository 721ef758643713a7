// Merge operator of list state: operands are joined by one delimiter byte.
#pragma once

#include <cstdint>
#include <limits>
#include <memory>

#include "rocksdb/merge_operator.h"

namespace rockstate {

constexpr char kListDelimiter = ',';
// The longest value that is read at once. A longer list is read in pieces.
constexpr size_t kMaxValueBytes = std::numeric_limits<int32_t>::max();
// Flush and compaction join a list up to this length, and keep a longer one in pieces.
constexpr size_t kMaxStoredJoinBytes = size_t{256} * 1024 * 1024;

// What the thread needs merged operands for.
enum class MergePurpose : uint8_t {
  kStore,      // to write them; also to read them where a long list may stay in pieces
  kReadValue,  // to read them at once
  kReadKey,    // only to know that there are any
  kStream,     // to read them one row after another; a list that is too long comes in part
};

// Tells the merge operator, which RocksDB calls on the thread that reads, what the reading is for.
class MergeScope {
 public:
  explicit MergeScope(MergePurpose purpose);
  ~MergeScope();
  MergeScope(const MergeScope&) = delete;
  MergeScope& operator=(const MergeScope&) = delete;

 private:
  MergePurpose before_;
};

// Whether a value read for kStream since the last call came in part, as it is a list too long to be
// joined.
bool TakeUnjoined();

// Whether a read failed because the list is longer than the purpose allows.
bool IsListTooLong(const rocksdb::Status& status);

std::shared_ptr<rocksdb::MergeOperator> NewListMergeOperator();

}  // namespace rockstate
