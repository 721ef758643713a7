// How the bytes of a value become those of another type, from the text that
// lib/bytes/layout-change.ts describes.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "rocksdb/slice.h"
#include "rocksdb/status.h"
#include "value_layout.h"

namespace rockstate {

struct LayoutChange {
  enum class Kind : uint8_t {
    kSame,
    kWiden,
    kConstant,
    kPresent,
    kNullable,
    kList,
    kMap,
    kParts,
  };

  // Moves over a stored value and appends the one to write. Corruption when the bytes are not those
  // of the stored type; invalid argument when the new one can't hold what they say. Safe for
  // whatever bytes there are, as ValueLayout::Skip is.
  rocksdb::Status Apply(rocksdb::Slice* stored, std::string* written) const;

  Kind kind = Kind::kSame;
  // What it was read from, for messages.
  std::string text;
  // Of kSame.
  ValueLayout same;
  // Of kWiden.
  char from = 0;
  char to = 0;
  // Of kConstant.
  std::string constant;
  // Of kParts: what is stored, and for each of `parts` which of it that is made of; kOfNothing for
  // constants.
  std::vector<ValueLayout> stored_parts;
  std::vector<size_t> sources;
  std::vector<LayoutChange> parts;

  static constexpr size_t kOfNothing = SIZE_MAX;

 private:
  rocksdb::Status ApplyInner(rocksdb::Slice* stored, std::string* written) const;
  rocksdb::Status Widen(rocksdb::Slice* stored, std::string* written) const;
  rocksdb::Status ApplyNullable(const LayoutChange& present, rocksdb::Slice* stored,
                                std::string* written) const;
  rocksdb::Status ApplyCounted(rocksdb::Slice* stored, std::string* written) const;
  rocksdb::Status ApplyParts(rocksdb::Slice* stored, std::string* written) const;
  rocksdb::Status Misfit() const;
};

rocksdb::Status ParseLayoutChange(const rocksdb::Slice& text, RestPlace rest, LayoutChange* change);

}  // namespace rockstate
