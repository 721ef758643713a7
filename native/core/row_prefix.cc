#include "row_prefix.h"

#include <memory>

namespace rockstate {

using rocksdb::Slice;
using rocksdb::Status;

namespace {

// Takes the text up to the next colon, or the last one.
std::string NextPart(Slice* text) {
  const std::string all = text->ToString();
  const size_t colon = all.find(':');
  text->remove_prefix(colon == std::string::npos ? all.size() : colon + 1);
  return all.substr(0, colon);
}

// One digit or two.
bool ParseBytes(const std::string& text, size_t* bytes) {
  if (text.empty() || text.size() > 2 ||
      text.find_first_not_of("0123456789") != std::string::npos) {
    return false;
  }
  *bytes = std::stoul(text);
  return true;
}

}  // namespace

Status RowPrefix::Parse(const std::string& id,
                        std::unique_ptr<const rocksdb::SliceTransform>* prefix) {
  std::unique_ptr<RowPrefix> parsed(new RowPrefix(id));
  Slice text(id);
  NextPart(&text);
  const std::string key_group = NextPart(&text);
  const std::string key = NextPart(&text);
  if (!ParseBytes(key_group, &parsed->key_group_bytes_) ||
      !ParseBytes(NextPart(&text), &parsed->namespace_bytes_) || !text.empty()) {
    return Status::InvalidArgument(
        "A row's prefix is bytes of the key group, layout of the key, bytes of the namespace", id);
  }
  Status status = ParseValueLayout(key, RestPlace::kNowhere, &parsed->key_);
  *prefix = std::move(parsed);
  return status;
}

Slice RowPrefix::Transform(const Slice& key) const { return {key.data(), LengthIn(key)}; }

size_t RowPrefix::LengthIn(const Slice& key) const {
  if (key.size() < key_group_bytes_) {
    return kNone;
  }
  Slice rest = key;
  rest.remove_prefix(key_group_bytes_);
  if (!key_.Skip(&rest) || rest.size() < namespace_bytes_) {
    return kNone;
  }
  return static_cast<size_t>(rest.data() - key.data()) + namespace_bytes_;
}

}  // namespace rockstate
