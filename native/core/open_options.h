// Turns string maps into RocksDB options. RocksDB's own option tables do the parsing and name what
// they do not know.
#pragma once

#include <memory>
#include <string>
#include <unordered_map>

#include "filter_budget.h"
#include "rocksdb/options.h"
#include "rocksdb/status.h"
#include "shared_memory.h"
#include "ttl_filter.h"

namespace rockstate {

// Option name → value, both as RocksDB spells them in its OPTIONS file.
using StringMap = std::unordered_map<std::string, std::string>;

struct ColumnFamilyRequest {
  std::string name;
  StringMap options;
  StringMap table_options;
};

rocksdb::Status BuildDbOptions(const StringMap& options,
                               const std::shared_ptr<SharedMemory>& memory,
                               rocksdb::DBOptions* result);

// "off" leaves the options as they are. Else what is counted: "tickers"; "histograms", which are
// sizes and counts beside them; "timers", which are durations beside those.
rocksdb::Status BuildStatistics(const std::string& what, rocksdb::DBOptions* options);

// What the families of a database share.
struct FamilySurroundings {
  // May be null: each family then has a block cache of its own.
  std::shared_ptr<SharedMemory> memory;
  // There is one where there is memory.
  std::shared_ptr<FilterBudget> filter_budget;
  std::shared_ptr<TtlClock> ttl_clock;
};

rocksdb::Status BuildColumnFamilyOptions(const ColumnFamilyRequest& request,
                                         const FamilySurroundings& surroundings,
                                         rocksdb::ColumnFamilyOptions* result);

}  // namespace rockstate
