// Reads the rows of a key range in their order, as of one snapshot.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "db.h"
#include "rocksdb/iterator.h"
#include "upkeep.h"

namespace rockstate {

class SourceRows {
 public:
  using Take =
      std::function<rocksdb::Status(const rocksdb::Slice& key, const rocksdb::Slice& value)>;

  SourceRows(std::shared_ptr<ColumnFamily> family, const KeyRange& range);
  SourceRows(const SourceRows&) = delete;
  SourceRows& operator=(const SourceRows&) = delete;

  // Hands on every row until one is not taken. Lists that are too long to be joined go to
  // `take_piece`, piece by piece; without it they are not read, and end the walk.
  rocksdb::Status ForEach(const Take& take, const Take& take_piece) const;

 private:
  // From behind `last`, which becomes the last key that was taken, or from the beginning.
  rocksdb::Status ForEachJoined(const Take& take, std::optional<std::string>* last) const;
  rocksdb::Status ReadKeyBehind(std::optional<std::string>* last) const;
  rocksdb::Status ForEachPiece(const rocksdb::Slice& key, const Take& take_piece) const;
  std::unique_ptr<rocksdb::Iterator> Behind(const std::optional<std::string>& last) const;

  std::shared_ptr<ColumnFamily> family_;
  Snapshot snapshot_;
  rocksdb::ReadOptions options_;
  // The bounds are slices of the range.
  KeyRange range_;
  rocksdb::Slice lower_;
  rocksdb::Slice upper_;
};

}  // namespace rockstate
