// Drops what expired when files are compacted: a factory of filters that every column family has,
// and that makes none until it has a rule.
#pragma once

#include <atomic>
#include <cstdint>
#include <limits>
#include <memory>
#include <mutex>

#include "rocksdb/compaction_filter.h"
#include "rocksdb/db.h"
#include "rocksdb/options.h"
#include "ttl_rule.h"

namespace rockstate {

// The clock of a database's filters, in milliseconds since 1970: the system's, or one that is set.
class TtlClock {
 public:
  static constexpr int64_t kSystemTime = std::numeric_limits<int64_t>::min();

  void Set(int64_t now_ms) { now_ms_ = now_ms; }
  int64_t NowMs() const;

 private:
  std::atomic<int64_t> now_ms_{kSystemTime};
};

class TtlFilterFactory final : public rocksdb::CompactionFilterFactory {
 public:
  // By this name, RocksDB writes it into its OPTIONS file; whoever does not know it, such as
  // RocksDB's own tools, goes without.
  static constexpr const char* kName = "rockstate.TtlFilterFactory";

  explicit TtlFilterFactory(std::shared_ptr<const TtlClock> clock) : clock_(std::move(clock)) {}

  const char* Name() const override { return kName; }
  std::unique_ptr<rocksdb::CompactionFilter> CreateCompactionFilter(
      const rocksdb::CompactionFilter::Context& context) override;

  // Of compactions that begin from now on; null: nothing expires.
  void SetRule(SharedTtlRule rule);

 private:
  std::shared_ptr<const TtlClock> clock_;
  std::mutex mutex_;
  SharedTtlRule rule_;
};

// Gives a family its factory, and sees to it that RocksDB does not therefore compact old files
// every 30 days.
void AttachTtlFilter(const std::shared_ptr<const TtlClock>& clock,
                     rocksdb::ColumnFamilyOptions* options);

// Fails for a family that was opened with another filter.
rocksdb::Status SetTtlRule(rocksdb::DB* rocks, rocksdb::ColumnFamilyHandle* family,
                           SharedTtlRule rule);

}  // namespace rockstate
