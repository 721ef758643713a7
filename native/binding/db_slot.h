// What the JS thread knows of one open Db: its families by number, snapshots by number, call
// buffer, open scans and values.
#pragma once

#include <cstring>
#include <memory>
#include <set>
#include <unordered_map>
#include <vector>

#include "db.h"
#include "napi.h"
#include "point.h"
#include "rocksdb/slice.h"
#include "scan.h"

namespace rockstate {

// What JavaScript has open of a Db, beside snapshots; it is closed with it.
class SlotChild {
 public:
  virtual ~SlotChild() = default;
  // Takes itself out of the slot.
  virtual void Close() = 0;
};

// The first bytes of a call buffer. JavaScript fills them in before a call
// (lib/binding/call-buffer.ts).
struct CallHeader {
  int32_t column_family;
  int32_t snapshot;  // 0 = none
  uint32_t key_offset;
  uint32_t key_length;
  uint32_t value_offset;  // of the value to write, or where a value read is to go
  uint32_t value_length;
};

// The ArrayBuffer through which keys and values of point calls travel.
class CallBuffer {
 public:
  void Attach(Napi::ArrayBuffer buffer) {
    reference_ = Napi::Persistent(buffer.As<Napi::Object>());
    bytes_ = static_cast<uint8_t*>(buffer.Data());
    size_ = buffer.ByteLength();
  }

  void Detach() {
    reference_.Reset();
    bytes_ = nullptr;
    size_ = 0;
  }

  // Of the present call, in the buffer itself; null when it points outside the buffer.
  const CallHeader* Header() const {
    if (size_ < sizeof(CallHeader)) {
      return nullptr;
    }
    const auto* header = reinterpret_cast<const CallHeader*>(bytes_);
    const bool is_within = uint64_t{header->key_offset} + header->key_length <= size_ &&
                           uint64_t{header->value_offset} + header->value_length <= size_;
    return is_within ? header : nullptr;
  }

  rocksdb::Slice Key(const CallHeader& header) const {
    return {reinterpret_cast<const char*>(bytes_ + header.key_offset), header.key_length};
  }

  rocksdb::Slice Value(const CallHeader& header) const {
    return {reinterpret_cast<const char*>(bytes_ + header.value_offset), header.value_length};
  }

  // False when the bytes do not fit behind the value offset.
  bool StoreValue(const CallHeader& header, const rocksdb::Slice& value) const {
    if (value.size() > size_ - header.value_offset) {
      return false;
    }
    std::memcpy(bytes_ + header.value_offset, value.data(), value.size());
    return true;
  }

 private:
  Napi::ObjectReference reference_;
  uint8_t* bytes_ = nullptr;
  size_t size_ = 0;
};

struct DbSlot : std::enable_shared_from_this<DbSlot> {
  std::shared_ptr<Db> db;
  // Indexed by RocksDB's own number of the family, which is never reused.
  std::vector<std::shared_ptr<ColumnFamily>> families;
  std::unordered_map<int32_t, std::shared_ptr<Snapshot>> snapshots;
  std::set<SlotChild*> children;
  CallBuffer buffer;
  PointWriter writer;
  // A value that did not fit the call buffer, kept until JavaScript has grown the buffer and
  // fetched it.
  rocksdb::PinnableSlice retained;
  // A scan that went beyond its first page, kept until JavaScript has taken it.
  std::shared_ptr<Scan> unfinished_scan;

  // Null when there is no such family.
  const std::shared_ptr<ColumnFamily>& Family(int32_t number) const {
    static const std::shared_ptr<ColumnFamily> none;
    const auto index = static_cast<size_t>(number);
    return index < families.size() ? families[index] : none;
  }

  void AddFamily(const std::shared_ptr<ColumnFamily>& family) {
    if (families.size() <= family->id()) {
      families.resize(family->id() + 1);
    }
    families[family->id()] = family;
  }
};

}  // namespace rockstate
