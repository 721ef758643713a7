// A cursor over a key range of one column family. Each call fills one packed page (see packed.h).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "db.h"
#include "rocksdb/iterator.h"

namespace rockstate {

struct ScanRequest {
  // Inclusive; none = from the first key.
  std::optional<std::string> lower;
  // Exclusive; none = to the last key.
  std::optional<std::string> upper;
  bool backward = false;
  // Entries carry empty values.
  bool keys_only = false;
  // Blocks read are not kept in the cache: for a scan of everything, once.
  bool fill_cache = true;
};

class Scan {
 public:
  // `snapshot` may be null: the scan then sees the state as of its creation.
  Scan(std::shared_ptr<ColumnFamily> family, std::shared_ptr<Snapshot> snapshot,
       ScanRequest request);
  Scan(const Scan&) = delete;
  Scan& operator=(const Scan&) = delete;

  // Fills `page` with whole entries. `filled` becomes the bytes written, 0 at the end of the range,
  // or, when not even one entry fits, minus the bytes that the next one needs.
  rocksdb::Status NextPage(uint8_t* page, size_t capacity, int64_t* filled);

  // At the end of the range: from then on the scan holds no block or memtable.
  bool ended() const { return ended_; }

 private:
  void MoveOn();

  std::shared_ptr<ColumnFamily> family_;
  std::shared_ptr<Snapshot> snapshot_;
  ScanRequest request_;
  rocksdb::Slice lower_;
  rocksdb::Slice upper_;
  bool started_ = false;
  bool ended_ = false;
  std::unique_ptr<rocksdb::Iterator> iterator_;
};

}  // namespace rockstate
