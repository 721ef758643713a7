// Key groups of a savepoint in Flink's canonical format. Integers are big-endian.
//
//   key group  [state id: i16]{row}…[next state id]{row}…[ffff]
//   row        [length: i32][key][length: i32][value]
//
// The first bit of the key of a state's last row is set: what follows is a state id. Key groups are
// numbers below 2^15, so that their first byte leaves it free.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "db.h"
#include "task_state.h"
#include "ttl_rule.h"

namespace rockstate {

constexpr char kLastRowFlag = '\x80';
constexpr uint16_t kEndOfKeyGroup = 0xffff;

struct KeyGroupsToWrite {
  // Created, or written over.
  std::string path;
  // What the file begins with.
  std::string header;
  // By state id; null where the rows are in `rows_path`.
  std::vector<std::shared_ptr<ColumnFamily>> families;
  // A file as in stored_rows.h, whose states are written behind those of families; empty = none.
  std::string rows_path;
  // By state id: what is expired at `ttl_now_ms` is left out, but for lists that are too long to be
  // joined. Null, or none for an id: nothing is.
  std::vector<SharedTtlRule> ttl;
  int64_t ttl_now_ms = 0;
  std::shared_ptr<Snapshot> snapshot;
  uint32_t first_key_group = 0;
  uint32_t last_key_group = 0;
  // Bytes that the key group takes in a key.
  size_t prefix_bytes = 1;
  bool compress = false;
};

struct WrittenKeyGroups {
  // Where each key group begins; 0 for one without rows.
  std::vector<uint64_t> offsets;
  uint64_t size_bytes = 0;
  uint64_t rows = 0;
};

// Writes the rows as of the snapshot, synced to disk.
rocksdb::Status WriteKeyGroups(const KeyGroupsToWrite& request, const Cancelled& cancelled,
                               WrittenKeyGroups* written);

struct StoredKeyGroup {
  uint32_t key_group = 0;
  uint64_t begin = 0;
  uint64_t end = 0;
};

struct KeyGroupsToRead {
  std::string path;
  std::vector<StoredKeyGroup> key_groups;
  // By state id; rows of a null one are read past.
  std::vector<std::shared_ptr<ColumnFamily>> families;
  size_t prefix_bytes = 1;
  bool compressed = false;
};

struct ReadRows {
  uint64_t rows = 0;
};

// Adds the rows to the families. Nothing that the file says is trusted.
rocksdb::Status ReadKeyGroups(Db* db, const KeyGroupsToRead& request, const Cancelled& cancelled,
                              ReadRows* read);

}  // namespace rockstate
