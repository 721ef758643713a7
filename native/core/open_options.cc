#include "open_options.h"

#include "list_merge.h"
#include "memtable_factory.h"
#include "rocksdb/convenience.h"
#include "rocksdb/statistics.h"
#include "rocksdb/table.h"

namespace rockstate {
namespace {

using rocksdb::Status;

rocksdb::ConfigOptions StrictParsing() {
  rocksdb::ConfigOptions parsing;
  parsing.ignore_unknown_options = false;
  parsing.ignore_unsupported_options = false;
  parsing.input_strings_escaped = false;
  return parsing;
}

}  // namespace

Status BuildDbOptions(const StringMap& options, const std::shared_ptr<SharedMemory>& memory,
                      rocksdb::DBOptions* result) {
  Status status =
      rocksdb::GetDBOptionsFromMap(StrictParsing(), rocksdb::DBOptions(), options, result);
  if (status.ok() && memory != nullptr) {
    result->write_buffer_manager = memory->write_buffer_manager();
  }
  return status;
}

Status BuildStatistics(const std::string& what, rocksdb::DBOptions* options) {
  static const std::unordered_map<std::string, rocksdb::StatsLevel> levels = {
      {"tickers", rocksdb::StatsLevel::kExceptHistogramOrTimers},
      {"histograms", rocksdb::StatsLevel::kExceptTimers},
      {"timers", rocksdb::StatsLevel::kExceptDetailedTimers},
  };
  if (what == "off") {
    return Status::OK();
  }
  const auto level = levels.find(what);
  if (level == levels.end()) {
    return Status::InvalidArgument("There are no statistics named " + what);
  }
  options->statistics = rocksdb::CreateDBStatistics();
  options->statistics->set_stats_level(level->second);
  return Status::OK();
}

Status BuildColumnFamilyOptions(const ColumnFamilyRequest& request,
                                const FamilySurroundings& surroundings,
                                rocksdb::ColumnFamilyOptions* result) {
  rocksdb::BlockBasedTableOptions table;
  Status status = rocksdb::GetBlockBasedTableOptionsFromMap(
      StrictParsing(), rocksdb::BlockBasedTableOptions(), request.table_options, &table);
  if (status.IsNotFound()) {
    // For the other kinds of options RocksDB says this itself.
    return Status::InvalidArgument(status.getState());
  }
  if (!status.ok()) {
    return status;
  }
  if (surroundings.memory != nullptr) {
    table.block_cache = surroundings.memory->cache();
    // Of filters in parts those that are used are in memory, however many there are.
    if (table.filter_policy != nullptr && !table.partition_filters) {
      table.filter_policy = WithinBudget(table.filter_policy, surroundings.filter_budget);
    }
  }
  RegisterMemTables();
  // The map comes last: a merge operator or table factory that it names is not ignored.
  rocksdb::ColumnFamilyOptions defaults;
  defaults.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  defaults.merge_operator = NewListMergeOperator();
  status =
      rocksdb::GetColumnFamilyOptionsFromMap(StrictParsing(), defaults, request.options, result);
  if (status.ok()) {
    status = CheckMemTable(*result);
  }
  if (status.ok()) {
    AttachTtlFilter(surroundings.ttl_clock, result);
  }
  return status;
}

}  // namespace rockstate
