// Merge operator of list state: operands are joined by one delimiter byte.
#pragma once

#include <memory>

#include "rocksdb/merge_operator.h"

namespace rockstate {

std::shared_ptr<rocksdb::MergeOperator> NewListMergeOperator();

}  // namespace rockstate
