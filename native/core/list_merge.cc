#include "list_merge.h"

#include <deque>
#include <string>

namespace rockstate {
namespace {

using rocksdb::Slice;

// RocksDB's own threads, which flush and compact, never say what for.
thread_local MergePurpose merge_purpose = MergePurpose::kStore;
thread_local bool unjoined = false;

bool MayJoin(size_t size) {
  return size <= (merge_purpose == MergePurpose::kReadValue ? kMaxValueBytes : kMaxStoredJoinBytes);
}

// Same name and result as RocksDB's own "stringappendtest", which Flink uses, so files move freely
// between this, Flink and RocksDB's tools. Unlike that one it also joins operands during flush and
// compaction (partial merge), so that a list appended many times is not kept as many small pieces,
// until the list is kMaxStoredJoinBytes long: RocksDB would join without end, in several times the
// memory, and beyond 4 GiB would write a value whose 32-bit length is wrong.
class ListMerge final : public rocksdb::MergeOperator {
 public:
  const char* Name() const override { return "StringAppendTESTOperator"; }
  const char* NickName() const override { return "stringappendtest"; }

  bool FullMergeV2(const MergeOperationInput& in, MergeOperationOutput* out) const override {
    const bool is_single = in.existing_value == nullptr && in.operand_list.size() == 1;
    if (is_single || merge_purpose == MergePurpose::kReadKey) {
      out->existing_operand = in.operand_list.front();
      return true;
    }
    const size_t existing = in.existing_value == nullptr ? 0 : in.existing_value->size() + 1;
    const size_t joined = existing + JoinedSize(in.operand_list);
    if (!MayJoin(joined) && merge_purpose == MergePurpose::kStream) {
      unjoined = true;
      out->existing_operand = in.operand_list.front();
      return true;
    }
    if (!MayJoin(joined)) {
      // Flush and compaction then keep the operands as they are; only a read fails.
      out->op_failure_scope = OpFailureScope::kMustMerge;
      return false;
    }
    out->new_value.reserve(joined);
    if (in.existing_value != nullptr) {
      out->new_value.assign(in.existing_value->data(), in.existing_value->size());
      out->new_value.push_back(kListDelimiter);
    }
    Join(in.operand_list, &out->new_value);
    return true;
  }

  bool PartialMergeMulti(const Slice& /*key*/, const std::deque<Slice>& operands,
                         std::string* joined, rocksdb::Logger* /*logger*/) const override {
    const size_t size = JoinedSize(operands);
    if (!MayJoin(size)) {
      return false;
    }
    joined->reserve(size);
    Join(operands, joined);
    return true;
  }

 private:
  template <typename Operands>
  static size_t JoinedSize(const Operands& operands) {
    size_t size = operands.size() - 1;
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
        joined->push_back(kListDelimiter);
      }
      first = false;
      joined->append(operand.data(), operand.size());
    }
  }
};

}  // namespace

MergeScope::MergeScope(MergePurpose purpose) : before_(merge_purpose) { merge_purpose = purpose; }

MergeScope::~MergeScope() { merge_purpose = before_; }

bool TakeUnjoined() {
  const bool was_unjoined = unjoined;
  unjoined = false;
  return was_unjoined;
}

bool IsListTooLong(const rocksdb::Status& status) {
  return status.subcode() == rocksdb::Status::kMergeOperatorFailed;
}

std::shared_ptr<rocksdb::MergeOperator> NewListMergeOperator() {
  return std::make_shared<ListMerge>();
}

}  // namespace rockstate
