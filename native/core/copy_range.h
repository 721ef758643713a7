// Copies the rows of a key range into a family of another database.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "db.h"
#include "upkeep.h"

namespace rockstate {

struct CopyRequest {
  KeyRange range;
  // For files on their way; must not exist, and does not afterwards.
  std::string directory;
  // Rows of no more than this go through the memtable instead of files.
  uint64_t max_batch_bytes = 0;
};

// Nothing of the range should be in the target: what is copied is what reading gives, without
// deletions. Few rows are written as one batch; more become SST files, which the target takes over
// at once. A list that is too long to be joined is merged into the target in its pieces.
rocksdb::Status CopyRange(const std::shared_ptr<ColumnFamily>& from, const ColumnFamily& to,
                          const CopyRequest& request);

}  // namespace rockstate
