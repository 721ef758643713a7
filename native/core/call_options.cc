#include "call_options.h"

#include <charconv>

namespace rockstate {
namespace {

using rocksdb::ReadOptions;
using rocksdb::Status;
using rocksdb::WriteOptions;

bool Parse(const std::string& text, bool* value) {
  *value = text == "true";
  return text == "true" || text == "false";
}

template <typename Integer>
bool Parse(const std::string& text, Integer* value) {
  const char* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, *value);
  return parsed.ec == std::errc() && parsed.ptr == end;
}

template <typename Options>
using Setter = bool (*)(const std::string&, Options*);

template <typename Options>
using Setters = std::unordered_map<std::string, Setter<Options>>;

template <auto kMember, typename Options>
bool Set(const std::string& text, Options* options) {
  return Parse(text, &(options->*kMember));
}

// lib/options/native-option-types.ts has the same names.
const Setters<ReadOptions>& ReadSetters() {
  static const Setters<ReadOptions> setters = {
      {"async_io", Set<&ReadOptions::async_io>},
      {"auto_prefix_mode", Set<&ReadOptions::auto_prefix_mode>},
      {"background_purge_on_iterator_cleanup",
       Set<&ReadOptions::background_purge_on_iterator_cleanup>},
      {"fill_cache", Set<&ReadOptions::fill_cache>},
      {"ignore_range_deletions", Set<&ReadOptions::ignore_range_deletions>},
      {"max_skippable_internal_keys", Set<&ReadOptions::max_skippable_internal_keys>},
      {"optimize_multiget_for_io", Set<&ReadOptions::optimize_multiget_for_io>},
      {"readahead_size", Set<&ReadOptions::readahead_size>},
      {"tailing", Set<&ReadOptions::tailing>},
      {"total_order_seek", Set<&ReadOptions::total_order_seek>},
      {"value_size_soft_limit", Set<&ReadOptions::value_size_soft_limit>},
      {"verify_checksums", Set<&ReadOptions::verify_checksums>},
  };
  return setters;
}

const Setters<WriteOptions>& WriteSetters() {
  static const Setters<WriteOptions> setters = {
      {"disable_wal", Set<&WriteOptions::disableWAL>},
      {"low_pri", Set<&WriteOptions::low_pri>},
      {"memtable_insert_hint_per_batch", Set<&WriteOptions::memtable_insert_hint_per_batch>},
      {"no_slowdown", Set<&WriteOptions::no_slowdown>},
      {"protection_bytes_per_key", Set<&WriteOptions::protection_bytes_per_key>},
      {"sync", Set<&WriteOptions::sync>},
  };
  return setters;
}

template <typename Options>
Status Build(const StringMap& options, const Setters<Options>& setters, Options* result) {
  for (const auto& [name, text] : options) {
    const auto setter = setters.find(name);
    if (setter == setters.end()) {
      return Status::InvalidArgument("Could not find option: " + name);
    }
    if (!setter->second(text, result)) {
      return Status::InvalidArgument("Error parsing: " + name, text);
    }
  }
  return Status::OK();
}

}  // namespace

Status BuildReadOptions(const StringMap& options, ReadOptions* result) {
  return Build(options, ReadSetters(), result);
}

Status BuildWriteOptions(const StringMap& options, WriteOptions* result) {
  Status status = Build(options, WriteSetters(), result);
  if (status.ok() && result->sync && result->disableWAL) {
    return Status::InvalidArgument("a write without a write-ahead log can't be synced");
  }
  return status;
}

}  // namespace rockstate
