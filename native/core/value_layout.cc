#include "value_layout.h"

#include <algorithm>
#include <limits>

namespace rockstate {

using rocksdb::Slice;
using rocksdb::Status;

namespace {

using Kind = ValueLayout::Kind;

constexpr int kMaxDepth = 64;
// Of a number in a text: no value is larger.
constexpr size_t kMaxNumber = std::numeric_limits<int32_t>::max();
constexpr int kMaxVarintBytes = 5;
constexpr int kVarintBits = 7;
constexpr uint8_t kVarintGoesOn = 0x80;
// Above it, a tag of a BigInteger is a length and this.
constexpr uint32_t kBigIntegerTags = 4;
// Of a row's mask, before those of its fields.
constexpr size_t kRowKindBits = 2;
constexpr size_t kBitsPerByte = 8;

bool SkipBytes(size_t count, Slice* bytes) {
  if (bytes->size() < count) {
    return false;
  }
  bytes->remove_prefix(count);
  return true;
}

bool TakeVarint(Slice* bytes, uint32_t* value) {
  *value = 0;
  for (int i = 0; i < kMaxVarintBytes && static_cast<size_t>(i) < bytes->size(); ++i) {
    const auto byte = static_cast<uint8_t>((*bytes)[i]);
    *value |= static_cast<uint32_t>(byte & (kVarintGoesOn - 1)) << (kVarintBits * i);
    if (byte < kVarintGoesOn) {
      bytes->remove_prefix(i + 1);
      return true;
    }
  }
  return false;
}

bool SkipSized(Slice* bytes) {
  uint32_t length = 0;
  return TakeCount(bytes, &length) && SkipBytes(length, bytes);
}

bool SkipString(Slice* bytes) {
  uint32_t coded = 0;
  if (!TakeVarint(bytes, &coded)) {
    return false;
  }
  uint32_t left = coded == 0 ? 0 : coded - 1;
  if (bytes->size() < left) {
    return false;
  }
  for (; left > 0; --left) {
    if (!bytes->empty() && static_cast<uint8_t>((*bytes)[0]) < kVarintGoesOn) {
      bytes->remove_prefix(1);
      continue;
    }
    uint32_t unit = 0;
    if (!TakeVarint(bytes, &unit)) {
      return false;
    }
  }
  return true;
}

bool SkipBigInteger(Slice* bytes) {
  uint32_t tag = 0;
  if (!TakeCount(bytes, &tag) || tag == kBigIntegerTags) {
    return false;
  }
  return tag < kBigIntegerTags || SkipBytes(tag - kBigIntegerTags, bytes);
}

bool SkipNullable(const ValueLayout& present, Slice* bytes) {
  bool is_null = false;
  return TakeNullFlag(bytes, &is_null) && (is_null || present.Skip(bytes));
}

bool SkipList(const ValueLayout& element, Slice* bytes) {
  uint32_t count = 0;
  if (!TakeCount(bytes, &count)) {
    return false;
  }
  if (element.kind == Kind::kFixed) {
    return (element.bytes == 0 || count <= bytes->size() / element.bytes) &&
           SkipBytes(count * element.bytes, bytes);
  }
  // Every other layout takes at least a byte, so that the bytes end before a forged count does.
  for (; count > 0; --count) {
    if (!element.Skip(bytes)) {
      return false;
    }
  }
  return true;
}

bool SkipMap(const ValueLayout& key, const ValueLayout& value, Slice* bytes) {
  uint32_t count = 0;
  if (!TakeCount(bytes, &count)) {
    return false;
  }
  for (; count > 0; --count) {
    if (!key.Skip(bytes) || !SkipNullable(value, bytes)) {
      return false;
    }
  }
  return true;
}

bool SkipRow(const std::vector<ValueLayout>& fields, Slice* bytes) {
  const Slice mask = *bytes;
  if (!SkipBytes((kRowKindBits + fields.size() + kBitsPerByte - 1) / kBitsPerByte, bytes)) {
    return false;
  }
  size_t bit = kRowKindBits;
  return std::all_of(fields.begin(), fields.end(), [&](const ValueLayout& field) {
    const auto byte = static_cast<uint8_t>(mask[bit / kBitsPerByte]);
    const bool is_null = ((byte << (bit % kBitsPerByte)) & 0x80) != 0;
    ++bit;
    return is_null || field.Skip(bytes);
  });
}

// A tuple of parts of fixed size is of fixed size.
void Simplify(ValueLayout* tuple) {
  size_t bytes = 0;
  for (const ValueLayout& part : tuple->parts) {
    if (part.kind != Kind::kFixed) {
      return;
    }
    bytes += part.bytes;
  }
  *tuple = {Kind::kFixed, bytes, {}};
}

}  // namespace

bool ValueLayout::Skip(Slice* left) const {
  switch (kind) {
    case Kind::kFixed:
      return SkipBytes(bytes, left);
    case Kind::kSized:
      return SkipSized(left);
    case Kind::kString:
      return SkipString(left);
    case Kind::kBigInteger:
      return SkipBigInteger(left);
    case Kind::kNullable:
      return SkipNullable(parts[0], left);
    case Kind::kList:
      return SkipList(parts[0], left);
    case Kind::kMap:
      return SkipMap(parts[0], parts[1], left);
    case Kind::kTuple:
      return std::all_of(parts.begin(), parts.end(),
                         [&](const ValueLayout& part) { return part.Skip(left); });
    case Kind::kRow:
      return SkipRow(parts, left);
    case Kind::kRest:
      left->clear();
      return true;
  }
  return false;
}

Status LayoutText::Next(char* letter) {
  if (left_.empty()) {
    return Unexpected("more");
  }
  *letter = left_[0];
  left_.remove_prefix(1);
  return Status::OK();
}

bool LayoutText::Accept(char letter) {
  const bool is_next = !left_.empty() && left_[0] == letter;
  left_.remove_prefix(is_next ? 1 : 0);
  return is_next;
}

Status LayoutText::NextNumber(size_t* number, char end) {
  *number = 0;
  size_t digits = 0;
  for (; !left_.empty() && left_[0] >= '0' && left_[0] <= '9'; ++digits) {
    *number = *number * 10 + static_cast<size_t>(left_[0] - '0');
    left_.remove_prefix(1);
    if (*number > kMaxNumber) {
      return Unexpected("a number up to " + std::to_string(kMaxNumber));
    }
  }
  return digits > 0 && Accept(end) ? Status::OK()
                                   : Unexpected(std::string("a number and '") + end + "'");
}

Status LayoutText::NextBytes(size_t count, std::string* bytes) {
  if (left_.size() / 2 < count || !Slice(left_.data(), count * 2).DecodeHex(bytes)) {
    return Unexpected(std::to_string(count) + " bytes as hexadecimal digits");
  }
  left_.remove_prefix(count * 2);
  return Status::OK();
}

Status LayoutText::NextLayouts(size_t count, int depth, RestPlace rest,
                               std::vector<ValueLayout>* layouts) {
  Status status;
  for (; status.ok() && count > 0; --count) {
    layouts->emplace_back();
    status = NextLayout(depth, count == 1 ? rest : RestPlace::kNowhere, &layouts->back());
  }
  return status;
}

Status LayoutText::NextLayout(int depth, RestPlace rest, ValueLayout* layout) {
  char letter = 0;
  Status status = CheckDepth(depth);
  if (status.ok()) {
    status = Next(&letter);
  }
  if (!status.ok()) {
    return status;
  }
  size_t count = 0;
  switch (letter) {
    case 'F':
      layout->kind = Kind::kFixed;
      return NextNumber(&layout->bytes);
    case 'B':
      layout->kind = Kind::kSized;
      return status;
    case 'S':
      layout->kind = Kind::kString;
      return status;
    case 'I':
      layout->kind = Kind::kBigInteger;
      return status;
    case '?':
      layout->kind = Kind::kNullable;
      return NextLayouts(1, depth + 1, rest, &layout->parts);
    case 'L':
      layout->kind = Kind::kList;
      return NextLayouts(1, depth + 1, RestPlace::kNowhere, &layout->parts);
    case 'M':
      layout->kind = Kind::kMap;
      return NextLayouts(2, depth + 1, RestPlace::kNowhere, &layout->parts);
    case 'T':
    case 'R':
      layout->kind = letter == 'T' ? Kind::kTuple : Kind::kRow;
      status = NextNumber(&count);
      if (status.ok()) {
        status = NextLayouts(count, depth + 1, rest, &layout->parts);
      }
      if (status.ok() && layout->kind == Kind::kTuple) {
        Simplify(layout);
      }
      return status;
    case '*':
      layout->kind = Kind::kRest;
      return rest == RestPlace::kAtEnd ? status : Unexpected("a layout that says where it ends");
    default:
      return Unexpected("a layout");
  }
}

Status LayoutText::CheckEnd() const { return AtEnd() ? Status::OK() : Unexpected("the end"); }

Status LayoutText::CheckDepth(int depth) const {
  return depth < kMaxDepth ? Status::OK()
                           : Unexpected("at most " + std::to_string(kMaxDepth) + " levels");
}

Status LayoutText::Unexpected(const std::string& wanted) const {
  return Status::InvalidArgument(
      "'" + text_.ToString() + "' is no text of a layout",
      wanted + " is wanted before character " + std::to_string(position()));
}

Status ParseValueLayout(const Slice& text, RestPlace rest, ValueLayout* layout) {
  LayoutText reader(text);
  Status status = reader.NextLayout(0, rest, layout);
  return status.ok() ? reader.CheckEnd() : status;
}

}  // namespace rockstate
