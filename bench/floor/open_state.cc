#include "open_state.h"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <thread>
#include <unordered_map>

namespace rockstate::floor {
namespace {

constexpr uint32_t kKeyGroups = 2;
constexpr uint32_t kDigestedKeys = 10000;
constexpr auto kPoll = std::chrono::milliseconds(10);
// A double's row begins with a flag, 0 for one that is not null.
constexpr size_t kDoubleRowBytes = 9;

void Check(const rocksdb::Status& status) {
  if (!status.ok()) {
    std::cerr << status.ToString() << std::endl;
    std::exit(1);
  }
}

uint32_t RotateLeft(uint32_t value, int bits) { return (value << bits) | (value >> (32 - bits)); }

// As in lib/keys/key-groups.ts.
char KeyGroupOf(int64_t key) {
  auto hash = static_cast<uint32_t>(key ^ static_cast<int64_t>(static_cast<uint64_t>(key) >> 32));
  hash = RotateLeft(hash * 0xcc9e2d51, 15) * 0x1b873593;
  hash = RotateLeft(hash, 13) * 5 + 0xe6546b64;
  hash ^= 4;
  hash = (hash ^ (hash >> 16)) * 0x85ebca6b;
  hash = (hash ^ (hash >> 13)) * 0xc2b2ae35;
  hash ^= hash >> 16;
  // The largest negative number becomes 0; the others lose their sign.
  const uint32_t positive = hash == 0x80000000 ? 0 : hash > 0x80000000 ? 0 - hash : hash;
  return static_cast<char>(positive % kKeyGroups);
}

void WriteBits(uint64_t bits, char* target) {
  bits = __builtin_bswap64(bits);
  std::memcpy(target, &bits, sizeof(bits));
}

uint64_t ReadBits(const char* source) {
  uint64_t bits;
  std::memcpy(&bits, source, sizeof(bits));
  return __builtin_bswap64(bits);
}

}  // namespace

RowKey::RowKey(int64_t key) : size_(10) {
  bytes_[0] = KeyGroupOf(key);
  WriteBits(static_cast<uint64_t>(key), bytes_ + 1);
  bytes_[9] = 0;
}

RowKey::RowKey(int64_t key, int64_t map_key) : RowKey(key) {
  WriteBits(static_cast<uint64_t>(map_key), bytes_ + 10);
  size_ = 18;
}

OpenState::OpenState(OpenedDb opened, uint32_t key_count, bool is_map)
    : opened_(std::move(opened)),
      rocks_(opened_.db->rocks()),
      family_(opened_.column_families.front()->handle()),
      is_map_(is_map),
      work_(key_count) {}

OpenState::Item OpenState::FindItem(const std::string& name) {
  static const std::unordered_map<std::string, Item> items = {
      {"valueUpdate",
       [](OpenState* state, int64_t index) {
         const int64_t value = state->work().Value(index);
         state->PutLong(RowKey(state->work().SetUpKey(index)), value);
         return BitsOf(value);
       }},
      {"valueAdd",
       [](OpenState* state, int64_t index) {
         const int64_t value = state->work().Value(index);
         state->PutLong(RowKey(state->work().NewKey(index)), value);
         return BitsOf(value);
       }},
      {"valueGet",
       [](OpenState* state, int64_t index) {
         int64_t value = 0;
         state->GetLong(RowKey(state->work().SetUpKey(index)), &value);
         return BitsOf(value);
       }},
      {"mapUpdate",
       [](OpenState* state, int64_t index) {
         const Work& work = state->work();
         const double value = work.MapValue(index);
         state->PutDouble(RowKey(work.SetUpKey(index), work.MapKey(index)), value);
         return BitsOf(value);
       }},
      {"mapAdd",
       [](OpenState* state, int64_t index) {
         const Work& work = state->work();
         const double value = work.MapValue(index);
         state->PutDouble(RowKey(work.NewKey(index), work.MapKey(index)), value);
         return BitsOf(value);
       }},
      {"mapGet",
       [](OpenState* state, int64_t index) {
         const Work& work = state->work();
         double value = 0;
         state->GetDouble(RowKey(work.SetUpKey(index), work.MapKey(index)), &value);
         return BitsOf(value);
       }},
      // Half of these keys are not there.
      {"mapContains",
       [](OpenState* state, int64_t index) {
         const Work& work = state->work();
         double value = 0;
         return uint32_t{
             state->GetDouble(RowKey(work.SetUpKey(index), work.MapKey(index) << 1), &value)};
       }},
      {"mapRemove",
       [](OpenState* state, int64_t index) {
         const Work& work = state->work();
         state->Delete(RowKey(work.SetUpKey(index), work.MapKey(index)));
         return uint32_t{1};
       }},
  };
  const auto found = items.find(name);
  return found == items.end() ? nullptr : found->second;
}

void OpenState::Fill() {
  for (int64_t key = 0; key < work_.key_count(); key++) {
    if (!is_map_) {
      PutLong(RowKey(key), Work::StoredLong(key));
      continue;
    }
    for (int place = 0; place < kMapKeys; place++) {
      PutDouble(RowKey(key, work_.MapKey(place)), Work::StoredDouble(key, place));
    }
  }
}

uint32_t OpenState::Digest() {
  uint32_t checksum = 0;
  for (int64_t index = 0; index < std::min(work_.key_count(), kDigestedKeys); index++) {
    checksum = checksum * 31 + DigestOf(work_.SetUpKey(index));
    checksum = checksum * 31 + DigestOf(work_.NewKey(index));
  }
  return checksum;
}

uint32_t OpenState::DigestOf(int64_t key) {
  if (!is_map_) {
    int64_t value = 0;
    GetLong(RowKey(key), &value);
    return BitsOf(value);
  }
  uint32_t sum = 0;
  for (int64_t map_key = 0; map_key < kMapKeys; map_key++) {
    double value = 0;
    if (GetDouble(RowKey(key, map_key), &value)) {
      sum += BitsOf(map_key) + BitsOf(value);
    }
  }
  return sum;
}

void OpenState::Settle() {
  while (IsBusy()) {
    std::this_thread::sleep_for(kPoll);
  }
}

bool OpenState::IsBusy() const {
  for (const char* property : {"rocksdb.mem-table-flush-pending", "rocksdb.num-running-flushes",
                               "rocksdb.compaction-pending", "rocksdb.num-running-compactions"}) {
    uint64_t value = 0;
    if (rocks_->GetIntProperty(family_, property, &value) && value != 0) {
      return true;
    }
  }
  return false;
}

void OpenState::PutLong(const RowKey& key, int64_t value) {
  char bytes[sizeof(value)];
  WriteBits(static_cast<uint64_t>(value), bytes);
  Check(rocks_->Put(opened_.db->write_options(), family_, key.slice(), {bytes, sizeof(bytes)}));
}

void OpenState::PutDouble(const RowKey& key, double value) {
  char bytes[kDoubleRowBytes] = {0};
  uint64_t bits;
  std::memcpy(&bits, &value, sizeof(bits));
  WriteBits(bits, bytes + 1);
  Check(rocks_->Put(opened_.db->write_options(), family_, key.slice(), {bytes, sizeof(bytes)}));
}

void OpenState::Delete(const RowKey& key) {
  Check(rocks_->Delete(opened_.db->write_options(), family_, key.slice()));
}

bool OpenState::GetLong(const RowKey& key, int64_t* value) {
  if (!Get(key, sizeof(*value))) {
    return false;
  }
  *value = static_cast<int64_t>(ReadBits(value_.data()));
  return true;
}

bool OpenState::GetDouble(const RowKey& key, double* value) {
  if (!Get(key, kDoubleRowBytes)) {
    return false;
  }
  const uint64_t bits = ReadBits(value_.data() + 1);
  std::memcpy(value, &bits, sizeof(bits));
  return true;
}

bool OpenState::Get(const RowKey& key, size_t size) {
  value_.Reset();
  const rocksdb::Status status =
      rocks_->Get(opened_.db->read_options(), family_, key.slice(), &value_);
  if (status.IsNotFound()) {
    return false;
  }
  Check(value_.size() == size ? status : rocksdb::Status::Corruption("a row of another length"));
  return true;
}

}  // namespace rockstate::floor
