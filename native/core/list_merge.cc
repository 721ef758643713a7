#include "list_merge.h"

#include <deque>
#include <string>

namespace rockstate {
namespace {

using rocksdb::Slice;

constexpr char kDelimiter = ',';

// Same name and result as RocksDB's own "stringappendtest", which Flink uses, so files move freely
// between this, Flink and RocksDB's tools. Unlike that one it also joins operands during flush and
// compaction (partial merge), so that a list appended many times is not kept as many small pieces.
class ListMerge final : public rocksdb::MergeOperator {
 public:
  const char* Name() const override { return "StringAppendTESTOperator"; }
  const char* NickName() const override { return "stringappendtest"; }

  bool FullMergeV2(const MergeOperationInput& in, MergeOperationOutput* out) const override {
    if (in.existing_value == nullptr && in.operand_list.size() == 1) {
      out->existing_operand = in.operand_list.front();
      return true;
    }
    const size_t existing = in.existing_value == nullptr ? 0 : in.existing_value->size() + 1;
    out->new_value.reserve(existing + JoinedSize(in.operand_list));
    if (in.existing_value != nullptr) {
      out->new_value.assign(in.existing_value->data(), in.existing_value->size());
      out->new_value.push_back(kDelimiter);
    }
    Join(in.operand_list, &out->new_value);
    return true;
  }

  bool PartialMergeMulti(const Slice& /*key*/, const std::deque<Slice>& operands,
                         std::string* joined, rocksdb::Logger* /*logger*/) const override {
    joined->reserve(JoinedSize(operands));
    Join(operands, joined);
    return true;
  }

 private:
  template <typename Operands>
  static size_t JoinedSize(const Operands& operands) {
    size_t size = operands.size();
    for (const Slice& operand : operands) {
      size += operand.size();
    }
    return size;
  }

  template <typename Operands>
  static void Join(const Operands& operands, std::string* joined) {
    bool first = true;
    for (const Slice& operand : operands) {
      if (!first) {
        joined->push_back(kDelimiter);
      }
      first = false;
      joined->append(operand.data(), operand.size());
    }
  }
};

}  // namespace

std::shared_ptr<rocksdb::MergeOperator> NewListMergeOperator() {
  return std::make_shared<ListMerge>();
}

}  // namespace rockstate
