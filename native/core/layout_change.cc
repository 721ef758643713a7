#include "layout_change.h"

#include <array>
#include <cstring>
#include <limits>
#include <type_traits>

#include "list_merge.h"

namespace rockstate {

using rocksdb::Slice;
using rocksdb::Status;

namespace {

using Kind = LayoutChange::Kind;

// From the narrow to the wide; a number may become one that is further right.
constexpr char kNumbers[] = "bhilfd";

Status TooLong() {
  return Status::InvalidArgument("it would become longer than " + std::to_string(kMaxValueBytes) +
                                 " bytes");
}

Status Rounded(const std::string& number, char to) {
  return Status::InvalidArgument(
      "the number " + number + " would be rounded",
      to == 'f' ? "it is to become a 32-bit float" : "it is to become a 64-bit float");
}

template <typename Integer>
void AppendBigEndian(Integer value, std::string* bytes) {
  using Bits = std::make_unsigned_t<Integer>;
  for (size_t i = sizeof(Integer); i > 0; --i) {
    bytes->push_back(static_cast<char>(static_cast<Bits>(value) >> (8 * (i - 1))));
  }
}

template <typename Bits, typename Float>
void AppendFloat(Float value, std::string* bytes) {
  static_assert(sizeof(Bits) == sizeof(Float));
  Bits bits = 0;
  std::memcpy(&bits, &value, sizeof(bits));
  AppendBigEndian(bits, bytes);
}

// A whole number is a Float exactly if its bits, from the first that is set to the last, are no
// more than those of a Float.
template <typename Float>
bool IsExact(int64_t value) {
  auto magnitude =
      value < 0 ? uint64_t{0} - static_cast<uint64_t>(value) : static_cast<uint64_t>(value);
  while (magnitude != 0 && (magnitude & 1) == 0) {
    magnitude >>= 1;
  }
  return magnitude < (uint64_t{1} << std::numeric_limits<Float>::digits);
}

bool TakeWhole(char type, Slice* bytes, int64_t* value) {
  const auto take = [&](auto narrow) {
    const bool has_it = TakeBigEndian(bytes, &narrow);
    // Its sign is meant to last.
    *value = narrow;  // NOLINT(bugprone-signed-char-misuse)
    return has_it;
  };
  switch (type) {
    case 'b':
      return take(int8_t{0});
    case 'h':
      return take(int16_t{0});
    case 'i':
      return take(int32_t{0});
    default:
      return take(int64_t{0});
  }
}

Status AppendWhole(int64_t value, char type, std::string* bytes) {
  switch (type) {
    case 'h':
      AppendBigEndian(static_cast<int16_t>(value), bytes);
      break;
    case 'i':
      AppendBigEndian(static_cast<int32_t>(value), bytes);
      break;
    case 'l':
      AppendBigEndian(value, bytes);
      break;
    case 'f':
      if (!IsExact<float>(value)) {
        return Rounded(std::to_string(value), type);
      }
      AppendFloat<uint32_t>(static_cast<float>(value), bytes);
      break;
    default:
      if (!IsExact<double>(value)) {
        return Rounded(std::to_string(value), type);
      }
      AppendFloat<uint64_t>(static_cast<double>(value), bytes);
  }
  return Status::OK();
}

class ChangeParser {
 public:
  explicit ChangeParser(const Slice& text) : text_(text) {}

  Status Parse(RestPlace rest, LayoutChange* change) {
    Status status = Next(0, rest, change);
    return status.ok() ? text_.CheckEnd() : status;
  }

 private:
  Status Next(int depth, RestPlace rest, LayoutChange* change) {
    const size_t begin = text_.position();
    char letter = 0;
    Status status = text_.CheckDepth(depth);
    if (status.ok()) {
      status = text_.Next(&letter);
    }
    if (status.ok()) {
      status = NextOf(letter, depth, rest, change);
    }
    change->text = text_.Since(begin);
    return status;
  }

  Status NextOf(char letter, int depth, RestPlace rest, LayoutChange* change) {
    switch (letter) {
      case '=':
        change->kind = Kind::kSame;
        return text_.NextLayout(depth, rest, &change->same);
      case 'W':
        change->kind = Kind::kWiden;
        return NextWidening(change);
      case 'C':
        return NextConstant(change);
      case 'N':
        change->kind = Kind::kPresent;
        return NextChanges(1, depth, rest, change);
      case '?':
        change->kind = Kind::kNullable;
        return NextChanges(1, depth, rest, change);
      case 'L':
        change->kind = Kind::kList;
        return NextChanges(1, depth, RestPlace::kNowhere, change);
      case 'M':
        change->kind = Kind::kMap;
        return NextChanges(2, depth, RestPlace::kNowhere, change);
      case 'P':
        change->kind = Kind::kParts;
        return NextParts(depth, rest, change);
      default:
        return text_.Unexpected("a change");
    }
  }

  Status NextChanges(size_t count, int depth, RestPlace rest, LayoutChange* change) {
    Status status;
    for (; status.ok() && count > 0; --count) {
      change->parts.emplace_back();
      status = Next(depth + 1, rest, &change->parts.back());
    }
    return status;
  }

  Status NextWidening(LayoutChange* change) {
    Status status = text_.Next(&change->from);
    if (status.ok()) {
      status = text_.Next(&change->to);
    }
    if (!status.ok()) {
      return status;
    }
    const char* from = std::strchr(kNumbers, change->from);
    const char* to = std::strchr(kNumbers, change->to);
    return from != nullptr && to != nullptr && from < to
               ? status
               : text_.Unexpected("a number and a wider one");
  }

  Status NextConstant(LayoutChange* change) {
    change->kind = Kind::kConstant;
    size_t count = 0;
    Status status = text_.NextNumber(&count);
    return status.ok() ? text_.NextBytes(count, &change->constant) : status;
  }

  Status NextParts(int depth, RestPlace rest, LayoutChange* change) {
    size_t count = 0;
    Status status = text_.NextNumber(&count);
    if (status.ok()) {
      status = text_.NextLayouts(count, depth + 1, rest, &change->stored_parts);
    }
    size_t written = 0;
    if (status.ok()) {
      status = text_.NextNumber(&written);
    }
    for (; status.ok() && written > 0; --written) {
      change->parts.emplace_back();
      change->sources.push_back(LayoutChange::kOfNothing);
      status = text_.Accept('C') ? NextConstant(&change->parts.back())
                                 : NextPart(depth, &change->sources.back(), change);
    }
    return status;
  }

  // What is made of a part begins and ends with it, so that it may be all that is left.
  Status NextPart(int depth, size_t* source, LayoutChange* change) {
    Status status = text_.NextIndex(source);
    if (status.ok() && *source >= change->stored_parts.size()) {
      status = text_.Unexpected("one of " + std::to_string(change->stored_parts.size()) +
                                " stored parts");
    }
    return status.ok() ? Next(depth + 1, RestPlace::kAtEnd, &change->parts.back()) : status;
  }

  LayoutText text_;
};

}  // namespace

Status LayoutChange::Apply(Slice* stored, std::string* written) const {
  Status status = ApplyInner(stored, written);
  return status.ok() && written->size() > kMaxValueBytes ? TooLong() : status;
}

Status LayoutChange::ApplyInner(Slice* stored, std::string* written) const {
  const Slice before = *stored;
  switch (kind) {
    case Kind::kSame:
      if (!same.Skip(stored)) {
        return Misfit();
      }
      written->append(before.data(), before.size() - stored->size());
      return Status::OK();
    case Kind::kWiden:
      return Widen(stored, written);
    case Kind::kConstant:
      written->append(constant);
      return Status::OK();
    case Kind::kPresent:
      written->push_back(0);
      return parts[0].Apply(stored, written);
    case Kind::kNullable:
      return ApplyNullable(parts[0], stored, written);
    case Kind::kList:
    case Kind::kMap:
      return ApplyCounted(stored, written);
    case Kind::kParts:
      return ApplyParts(stored, written);
  }
  return Misfit();
}

Status LayoutChange::Widen(Slice* stored, std::string* written) const {
  if (from == 'f') {
    uint32_t bits = 0;
    if (!TakeBigEndian(stored, &bits)) {
      return Misfit();
    }
    float value = 0;
    std::memcpy(&value, &bits, sizeof(value));
    AppendFloat<uint64_t>(static_cast<double>(value), written);
    return Status::OK();
  }
  int64_t value = 0;
  return TakeWhole(from, stored, &value) ? AppendWhole(value, to, written) : Misfit();
}

Status LayoutChange::ApplyNullable(const LayoutChange& present, Slice* stored,
                                   std::string* written) const {
  bool is_null = false;
  if (!TakeNullFlag(stored, &is_null)) {
    return Misfit();
  }
  written->push_back(is_null ? 1 : 0);
  return is_null ? Status::OK() : present.Apply(stored, written);
}

Status LayoutChange::ApplyCounted(Slice* stored, std::string* written) const {
  uint32_t count = 0;
  if (!TakeCount(stored, &count)) {
    return Misfit();
  }
  AppendBigEndian(count, written);
  for (; count > 0; --count) {
    const size_t stored_before = stored->size();
    const size_t written_before = written->size();
    Status status = parts[0].Apply(stored, written);
    if (status.ok() && kind == Kind::kMap) {
      status = ApplyNullable(parts[1], stored, written);
    }
    if (!status.ok()) {
      return status;
    }
    // What neither takes nor gives anything, however often: a forged count would keep us long.
    if (stored->size() == stored_before && written->size() == written_before) {
      break;
    }
  }
  return Status::OK();
}

Status LayoutChange::ApplyParts(Slice* stored, std::string* written) const {
  // Enough for most types, without asking for memory for each value.
  constexpr size_t kUsualParts = 16;
  std::array<Slice, kUsualParts> usual;
  std::vector<Slice> many(stored_parts.size() > kUsualParts ? stored_parts.size() : 0);
  Slice* slices = many.empty() ? usual.data() : many.data();
  for (size_t i = 0; i < stored_parts.size(); ++i) {
    const Slice before = *stored;
    if (!stored_parts[i].Skip(stored)) {
      return Misfit();
    }
    slices[i] = Slice(before.data(), before.size() - stored->size());
  }
  for (size_t i = 0; i < parts.size(); ++i) {
    Slice part = sources[i] == kOfNothing ? Slice() : slices[sources[i]];
    Status status = parts[i].Apply(&part, written);
    if (!status.ok()) {
      return status;
    }
    if (!part.empty()) {
      return parts[i].Misfit();
    }
  }
  return Status::OK();
}

Status LayoutChange::Misfit() const {
  return Status::Corruption("its bytes are not those that '" + text + "' is for");
}

Status ParseLayoutChange(const Slice& text, RestPlace rest, LayoutChange* change) {
  return ChangeParser(text).Parse(rest, change);
}

}  // namespace rockstate
