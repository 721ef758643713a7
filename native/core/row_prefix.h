// The prefix that rows of a map share: key group, key, and a namespace of fixed length.
#pragma once

#include <string>

#include "rocksdb/slice_transform.h"
#include "value_layout.h"

namespace rockstate {

class RowPrefix final : public rocksdb::SliceTransform {
 public:
  // By this name and the texts behind it, such as "rockstate.RowPrefix:1:S:1", RocksDB writes it
  // into its OPTIONS file: bytes of the key group, layout of the key, bytes of the namespace.
  static constexpr const char* kName = "rockstate.RowPrefix";

  static rocksdb::Status Parse(const std::string& id,
                               std::unique_ptr<const rocksdb::SliceTransform>* prefix);

  const char* Name() const override { return id_.c_str(); }
  rocksdb::Slice Transform(const rocksdb::Slice& key) const override;
  bool InDomain(const rocksdb::Slice& key) const override { return LengthIn(key) != kNone; }

 private:
  static constexpr size_t kNone = SIZE_MAX;

  explicit RowPrefix(std::string id) : id_(std::move(id)) {}

  size_t LengthIn(const rocksdb::Slice& key) const;

  std::string id_;
  size_t key_group_bytes_ = 0;
  ValueLayout key_;
  size_t namespace_bytes_ = 0;
};

}  // namespace rockstate
