#include "work.h"

#include <numeric>
#include <utility>

namespace rockstate::floor {
namespace {

// Tell the draws apart; lists are not done here.
constexpr uint32_t kSetUpKeys = 1;
constexpr uint32_t kNewKeys = 2;
constexpr uint32_t kMapKeyOrder = 3;
constexpr uint32_t kMapValues = 4;
constexpr uint32_t kValues = 5;
constexpr uint32_t kStored = 6;

uint32_t Drawn(uint32_t draw, uint32_t index) {
  uint32_t bits = (index ^ (draw * 0x9e3779b9)) * 0x85ebca6b;
  bits = (bits ^ (bits >> 13)) * 0xc2b2ae35;
  return bits ^ (bits >> 16);
}

std::vector<int32_t> Shuffled(uint32_t count, uint32_t draw) {
  std::vector<int32_t> numbers(count);
  std::iota(numbers.begin(), numbers.end(), 0);
  for (uint32_t last = count - 1; last > 0; last--) {
    std::swap(numbers[last], numbers[Drawn(draw, last) % (last + 1)]);
  }
  return numbers;
}

int64_t LongOf(uint32_t draw, uint32_t index) {
  return (int64_t{Drawn(draw, 2 * index)} << 21) | (Drawn(draw, 2 * index + 1) >> 11);
}

double DoubleOf(uint32_t draw, uint32_t index) {
  return static_cast<double>(LongOf(draw, index)) / 9007199254740992.0;
}

}  // namespace

Work::Work(uint32_t key_count)
    : key_count_(key_count),
      set_up_keys_(Shuffled(key_count, kSetUpKeys)),
      new_keys_(Shuffled(key_count, kNewKeys)),
      map_keys_(Shuffled(kMapKeys, kMapKeyOrder)),
      values_(Shuffled(2 * key_count, kValues)) {
  for (uint32_t index = 0; index < kMapKeys; index++) {
    map_values_.push_back(DoubleOf(kMapValues, index));
  }
}

int64_t Work::StoredLong(int64_t key) { return LongOf(kStored, static_cast<uint32_t>(key)); }

double Work::StoredDouble(int64_t key, int place) {
  return DoubleOf(kStored, static_cast<uint32_t>(key * kMapKeys + place));
}

}  // namespace rockstate::floor
