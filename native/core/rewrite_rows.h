// Rewrites the values of a column family, all or none, as those of another type.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "db.h"
#include "layout_change.h"
#include "task_state.h"

namespace rockstate {

struct RowsToRewrite {
  // What of a row is changed: its whole value; each element of a list; in a map what is behind the
  // flag, unless that says that the value is null.
  enum class Rows : uint8_t { kValue, kList, kMap };

  Rows rows = Rows::kValue;
  LayoutChange change;
  // For files on their way; must not exist, and does not afterwards.
  std::string directory;
  // Rows of no more than this are written as one batch, more as files.
  uint64_t max_batch_bytes = 0;
};

// Where `*` may stand in the change of such rows.
RestPlace RestPlaceIn(RowsToRewrite::Rows rows);

// Reads as of now; what is written to the family meanwhile may get lost. When anything fails, all
// stays as it was; the message names the row by its key. A list that is too long to be joined is
// refused.
rocksdb::Status RewriteRows(const std::shared_ptr<ColumnFamily>& family,
                            const RowsToRewrite& request, TaskState* state, uint64_t* rows);

}  // namespace rockstate
