#include "stored_value.h"

#include <algorithm>
#include <cstring>

#include "point.h"

namespace rockstate {

rocksdb::Status StoredValue::Read(const std::shared_ptr<ColumnFamily>& family,
                                  const Snapshot* snapshot, const rocksdb::Slice& key,
                                  std::shared_ptr<StoredValue>* value) {
  auto read = std::make_shared<StoredValue>(family);
  rocksdb::Status status = Get(*family, snapshot, key, &read->value_);
  if (status.IsNotFound()) {
    return rocksdb::Status::OK();
  }
  if (status.ok()) {
    *value = std::move(read);
  }
  return status;
}

size_t StoredValue::CopyTo(uint8_t* target, size_t capacity, uint64_t offset) const {
  if (offset >= value_.size()) {
    return 0;
  }
  const size_t length = std::min(capacity, static_cast<size_t>(value_.size() - offset));
  std::memcpy(target, value_.data() + offset, length);
  return length;
}

}  // namespace rockstate
