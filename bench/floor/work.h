// What the items work on: the keys and values of Flink's own state benchmarks, drawn so that every
// side draws the same. bench/state/work.ts is the same in TypeScript.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace rockstate::floor {

// Entries of each key's map.
constexpr int kMapKeys = 10;

class Work {
 public:
  explicit Work(uint32_t key_count);

  uint32_t key_count() const { return key_count_; }
  // A key that was there before.
  int64_t SetUpKey(int64_t index) const { return set_up_keys_[index % key_count_]; }
  // A key that was not.
  int64_t NewKey(int64_t index) const {
    return int64_t{new_keys_[index % key_count_]} + key_count_;
  }
  int64_t MapKey(int64_t index) const { return map_keys_[index % kMapKeys]; }
  double MapValue(int64_t index) const { return map_values_[index % kMapKeys]; }
  int64_t Value(int64_t index) const {
    return values_[static_cast<size_t>(index) % values_.size()];
  }
  // What the set-up stores under a key.
  static int64_t StoredLong(int64_t key);
  // What the set-up stores in a key's map, at a place.
  static double StoredDouble(int64_t key, int place);

 private:
  uint32_t key_count_;
  std::vector<int32_t> set_up_keys_;
  std::vector<int32_t> new_keys_;
  std::vector<int32_t> map_keys_;
  std::vector<int32_t> values_;
  std::vector<double> map_values_;
};

// What a long adds to a checksum.
inline uint32_t BitsOf(int64_t value) { return static_cast<uint32_t>(value); }
// What a double from 0 to 1 adds to a checksum.
inline uint32_t BitsOf(double value) { return static_cast<uint32_t>(value * 4294967296.0); }

}  // namespace rockstate::floor
