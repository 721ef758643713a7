// Reads key ranges of column families, one packed page (see packed.h) a call.
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
  // The bounds are those of all keys that start with `lower`, which must be there.
  bool within_prefix = false;
  bool backward = false;
  // Entries carry empty values.
  bool keys_only = false;
  // Blocks read are not kept in the cache: for a scan of everything, once.
  bool fill_cache = true;
};

// Of all keys that start with these bytes.
ScanRequest PrefixScan(const rocksdb::Slice& prefix);

// A cursor over a key range of one column family.
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

  // Whether there is an entry left.
  rocksdb::Status HasNext(bool* has_next);

  // At the end of the range: from then on the scan holds no block or memtable.
  bool ended() const { return ended_; }

 private:
  void MoveOn();
  // The iterator rests on the next entry to deliver, so that one that did not fit a page comes
  // first on the next.
  void Start();

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
