// How the bytes of a value can be walked, from the text that lib/bytes/value-layout.ts describes.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "rocksdb/slice.h"
#include "rocksdb/status.h"

namespace rockstate {

struct ValueLayout {
  enum class Kind : uint8_t {
    kFixed,
    kSized,
    kString,
    kBigInteger,
    kNullable,
    kList,
    kMap,
    kTuple,
    kRow,
    kRest,
  };

  // Moves over one value; false when the bytes do not fit. Safe for whatever bytes there are: takes
  // time in proportion to them, and no more stack than the text was allowed to ask for.
  bool Skip(rocksdb::Slice* bytes) const;

  Kind kind = Kind::kFixed;
  // Of kFixed.
  size_t bytes = 0;
  std::vector<ValueLayout> parts;
};

// Whether all that is left of a row may stand here.
enum class RestPlace : uint8_t { kNowhere, kAtEnd };

// Reads the texts of layouts, and what those of layout_change.h have in common with them.
class LayoutText {
 public:
  explicit LayoutText(const rocksdb::Slice& text) : text_(text), left_(text) {}

  size_t position() const { return text_.size() - left_.size(); }
  std::string Since(size_t position) const { return {text_.data() + position, left_.data()}; }
  bool AtEnd() const { return left_.empty(); }
  rocksdb::Status Next(char* letter);
  // Takes the letter if it is the next one.
  bool Accept(char letter);
  // Digits and a period.
  rocksdb::Status NextNumber(size_t* number) { return NextNumber(number, '.'); }
  // Digits and a colon.
  rocksdb::Status NextIndex(size_t* index) { return NextNumber(index, ':'); }
  // As many bytes, each as two hexadecimal digits.
  rocksdb::Status NextBytes(size_t count, std::string* bytes);
  // `depth` is how many layouts this one is in.
  rocksdb::Status NextLayout(int depth, RestPlace rest, ValueLayout* layout);
  rocksdb::Status NextLayouts(size_t count, int depth, RestPlace rest,
                              std::vector<ValueLayout>* layouts);

  rocksdb::Status CheckEnd() const;
  rocksdb::Status CheckDepth(int depth) const;
  // What was found last is not what is wanted.
  rocksdb::Status Unexpected(const std::string& wanted) const;

 private:
  rocksdb::Status NextNumber(size_t* number, char end);

  rocksdb::Slice text_;
  rocksdb::Slice left_;
};

rocksdb::Status ParseValueLayout(const rocksdb::Slice& text, RestPlace rest, ValueLayout* layout);

// Big-endian; false, taking nothing, when there are fewer bytes.
template <typename Integer>
bool TakeBigEndian(rocksdb::Slice* bytes, Integer* value) {
  if (bytes->size() < sizeof(Integer)) {
    return false;
  }
  uint64_t bits = 0;
  for (size_t i = 0; i < sizeof(Integer); ++i) {
    bits = (bits << 8) | static_cast<uint8_t>((*bytes)[i]);
  }
  *value = static_cast<Integer>(bits);
  bytes->remove_prefix(sizeof(Integer));
  return true;
}

// A byte that is 0 unless what would follow is null.
inline bool TakeNullFlag(rocksdb::Slice* bytes, bool* is_null) {
  if (bytes->empty()) {
    return false;
  }
  *is_null = (*bytes)[0] != 0;
  bytes->remove_prefix(1);
  return true;
}

// A 32-bit number of things that follow, which is not negative.
inline bool TakeCount(rocksdb::Slice* bytes, uint32_t* count) {
  return TakeBigEndian(bytes, count) &&
         *count <= static_cast<uint32_t>(std::numeric_limits<int32_t>::max());
}

}  // namespace rockstate
