#include "ttl_filter.h"

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>

namespace rockstate {

using rocksdb::CompactionFilter;
using rocksdb::Slice;
using rocksdb::Status;

namespace {

// Of one compaction, or one part of it, on one thread.
class TtlFilter final : public CompactionFilter {
 public:
  TtlFilter(SharedTtlRule rule, std::shared_ptr<const TtlClock> clock)
      : rule_(std::move(rule)), clock_(std::move(clock)) {}

  const char* Name() const override { return "rockstate.TtlFilter"; }

  // Each operand of a list is judged by itself: what is in front of it may be in another file. A
  // value that goes leaves a deletion, if there may be older ones below.
  Decision FilterV2(int /*level*/, const Slice& /*key*/, ValueType type, const Slice& value,
                    std::string* new_value, std::string* /*skip_until*/) const override {
    const bool is_judged = type == ValueType::kValue || (type == ValueType::kMergeOperand &&
                                                         rule_->rows == TtlRule::Rows::kList);
    const size_t expired = is_judged ? ExpiredBytes(*rule_, value, NowMs()) : 0;
    if (expired == 0) {
      return Decision::kKeep;
    }
    if (expired == value.size()) {
      return Decision::kRemove;
    }
    new_value->assign(value.data() + expired, value.size() - expired);
    return Decision::kChangeValue;
  }

 private:
  int64_t NowMs() const {
    if (entries_left_ == 0) {
      now_ms_ = clock_->NowMs();
      entries_left_ = std::max<uint64_t>(rule_->query_time_after_entries, 1);
    }
    --entries_left_;
    return now_ms_;
  }

  SharedTtlRule rule_;
  std::shared_ptr<const TtlClock> clock_;
  // RocksDB's filters are const, and used by one thread.
  mutable int64_t now_ms_ = 0;
  mutable uint64_t entries_left_ = 0;
};

}  // namespace

int64_t TtlClock::NowMs() const {
  const int64_t now_ms = now_ms_;
  if (now_ms != kSystemTime) {
    return now_ms;
  }
  const auto since_1970 = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(since_1970).count();
}

std::unique_ptr<CompactionFilter> TtlFilterFactory::CreateCompactionFilter(
    const CompactionFilter::Context& /*context*/) {
  const std::lock_guard<std::mutex> lock(mutex_);
  return rule_ == nullptr ? nullptr : std::make_unique<TtlFilter>(rule_, clock_);
}

void TtlFilterFactory::SetRule(SharedTtlRule rule) {
  const std::lock_guard<std::mutex> lock(mutex_);
  rule_ = std::move(rule);
}

void AttachTtlFilter(const std::shared_ptr<const TtlClock>& clock,
                     rocksdb::ColumnFamilyOptions* options) {
  if (options->compaction_filter != nullptr || options->compaction_filter_factory != nullptr) {
    return;
  }
  options->compaction_filter_factory = std::make_shared<TtlFilterFactory>(clock);
  const bool is_unset = options->periodic_compaction_seconds ==
                        rocksdb::ColumnFamilyOptions().periodic_compaction_seconds;
  if (is_unset && options->compaction_style == rocksdb::kCompactionStyleLevel) {
    options->periodic_compaction_seconds = 0;
  }
}

Status SetTtlRule(rocksdb::DB* rocks, rocksdb::ColumnFamilyHandle* family, SharedTtlRule rule) {
  const auto factory = rocks->GetOptions(family).compaction_filter_factory;
  if (factory == nullptr || !factory->IsInstanceOf(TtlFilterFactory::kName)) {
    return Status::InvalidArgument(
        "Column family '" + family->GetName() + "' was opened with a compaction filter of its own",
        "it can have no time to live");
  }
  static_cast<TtlFilterFactory*>(factory.get())->SetRule(std::move(rule));
  return Status::OK();
}

}  // namespace rockstate
