#include "filter_budget.h"

#include <string>
#include <utility>

namespace rockstate {
namespace {

// Filters may take one part in so many of the cache, counted as so many bits a row, which is what
// filters have by default.
constexpr uint64_t kShareOfCache = 4;
constexpr uint64_t kBitsOfRow = 10;
constexpr uint64_t kBitsOfByte = 8;

class BudgetedFilterPolicy final : public rocksdb::FilterPolicy {
 public:
  BudgetedFilterPolicy(std::shared_ptr<const rocksdb::FilterPolicy> policy,
                       std::shared_ptr<FilterBudget> budget)
      : policy_(std::move(policy)), budget_(std::move(budget)) {}

  const char* Name() const override { return "rockstate.BudgetedFilterPolicy"; }
  // In the OPTIONS file it is the policy that anybody knows.
  std::string GetId() const override { return policy_->GetId(); }
  const rocksdb::Customizable* Inner() const override { return policy_.get(); }
  const char* CompatibilityName() const override { return policy_->CompatibilityName(); }

  rocksdb::FilterBitsBuilder* GetBuilderWithContext(
      const rocksdb::FilterBuildingContext& context) const override {
    const bool is_flushed = context.reason == rocksdb::TableFileCreationReason::kFlush;
    return is_flushed || budget_->HasRoom() ? policy_->GetBuilderWithContext(context) : nullptr;
  }

  rocksdb::FilterBitsReader* GetFilterBitsReader(const rocksdb::Slice& contents) const override {
    return policy_->GetFilterBitsReader(contents);
  }

 private:
  std::shared_ptr<const rocksdb::FilterPolicy> policy_;
  std::shared_ptr<FilterBudget> budget_;
};

}  // namespace

FilterBudget::~FilterBudget() { memory_->ChangeRows(rows_, 0); }

void FilterBudget::CountRows(rocksdb::DB* db) {
  uint64_t rows = 0;
  if (db->GetAggregatedIntProperty(rocksdb::DB::Properties::kEstimateNumKeys, &rows)) {
    memory_->ChangeRows(rows_.exchange(rows), rows);
  }
}

bool FilterBudget::HasRoom() const {
  const uint64_t needed = memory_->rows() / kBitsOfByte * kBitsOfRow;
  return needed <= memory_->cache()->GetCapacity() / kShareOfCache;
}

void FilterBudget::OnFlushCompleted(rocksdb::DB* db, const rocksdb::FlushJobInfo& /*info*/) {
  CountRows(db);
}

void FilterBudget::OnCompactionCompleted(rocksdb::DB* db,
                                         const rocksdb::CompactionJobInfo& /*info*/) {
  CountRows(db);
}

std::shared_ptr<const rocksdb::FilterPolicy> WithinBudget(
    std::shared_ptr<const rocksdb::FilterPolicy> policy, std::shared_ptr<FilterBudget> budget) {
  return std::make_shared<BudgetedFilterPolicy>(std::move(policy), std::move(budget));
}

}  // namespace rockstate
