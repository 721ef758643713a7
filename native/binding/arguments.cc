#include "arguments.h"

#include <limits>
#include <optional>

#include "bytes.h"
#include "memory_object.h"
#include "throw_status.h"

namespace rockstate {
namespace {

std::string ReadString(const Napi::Object& object, const char* name) {
  return object.Get(name).As<Napi::String>().Utf8Value();
}

bool ReadBool(const Napi::Object& object, const char* name) {
  return object.Get(name).As<Napi::Boolean>().Value();
}

double ReadNumber(const Napi::Object& object, const char* name) {
  return object.Get(name).As<Napi::Number>().DoubleValue();
}

std::optional<std::string> ReadBytes(const Napi::Object& object, const char* name) {
  const Napi::Value value = object.Get(name);
  if (value.IsUndefined()) {
    return std::nullopt;
  }
  return CopyFromJs(value.As<Napi::Uint8Array>());
}

std::vector<std::string> ReadStrings(const Napi::Array& array) {
  std::vector<std::string> strings;
  strings.reserve(array.Length());
  for (uint32_t i = 0; i < array.Length(); ++i) {
    strings.push_back(array.Get(i).As<Napi::String>().Utf8Value());
  }
  return strings;
}

StringMap ReadStringMap(const Napi::Object& object, const char* name) {
  return ReadOptionMap(object.Get(name).As<Napi::Object>());
}

}  // namespace

StringMap ReadOptionMap(const Napi::Object& entries) {
  StringMap map;
  for (const std::string& key : ReadStrings(entries.GetPropertyNames())) {
    map.emplace(key, ReadString(entries, key.c_str()));
  }
  return map;
}

ColumnFamilyRequest ReadColumnFamilyRequest(const Napi::Object& object) {
  ColumnFamilyRequest request;
  request.name = ReadString(object, "name");
  request.options = ReadStringMap(object, "options");
  request.table_options = ReadStringMap(object, "tableOptions");
  return request;
}

OpenRequest ReadOpenRequest(const Napi::Object& object) {
  OpenRequest request;
  request.path = ReadString(object, "path");
  request.db_options = ReadStringMap(object, "dbOptions");
  const Napi::Array families = object.Get("columnFamilies").As<Napi::Array>();
  for (uint32_t i = 0; i < families.Length(); ++i) {
    request.column_families.push_back(ReadColumnFamilyRequest(families.Get(i).As<Napi::Object>()));
  }
  request.unlisted = ReadColumnFamilyRequest(object.Get("unlisted").As<Napi::Object>());
  const Napi::Value memory = object.Get("memory");
  if (memory.IsObject()) {
    request.memory = MemoryObject::Unwrap(memory.As<Napi::Object>())->memory();
  }
  request.read_options = ReadStringMap(object, "readOptions");
  request.write_options = ReadStringMap(object, "writeOptions");
  request.statistics = ReadString(object, "statistics");
  return request;
}

ScanRequest ReadScanRequest(const Napi::Object& object) {
  ScanRequest request;
  request.lower = ReadBytes(object, "lower");
  request.upper = ReadBytes(object, "upper");
  request.within_prefix = request.lower.has_value() && ReadBool(object, "withinPrefix");
  request.backward = ReadBool(object, "backward");
  request.keys_only = ReadBool(object, "keysOnly");
  request.fill_cache = ReadBool(object, "fillCache");
  return request;
}

KeyRange ReadKeyRange(const Napi::Object& object) {
  return {ReadBytes(object, "lower"), ReadBytes(object, "upper")};
}

CopyRequest ReadCopyRequest(const Napi::Object& object) {
  CopyRequest request;
  request.range = ReadKeyRange(object);
  request.directory = ReadString(object, "directory");
  request.max_batch_bytes = static_cast<uint64_t>(ReadNumber(object, "maxBatchBytes"));
  return request;
}

FileCompaction ReadFileCompaction(const Napi::Object& object) {
  FileCompaction compaction;
  compaction.files = ReadStrings(object.Get("files").As<Napi::Array>());
  compaction.output_level = static_cast<int>(ReadNumber(object, "outputLevel"));
  compaction.max_output_file_bytes =
      static_cast<uint64_t>(ReadNumber(object, "maxOutputFileBytes"));
  return compaction;
}

ImportRequest ReadImportRequest(const Napi::Object& object) {
  ImportRequest request;
  request.family = ReadColumnFamilyRequest(object.Get("columnFamily").As<Napi::Object>());
  const Napi::Array exports = object.Get("exports").As<Napi::Array>();
  for (uint32_t i = 0; i < exports.Length(); ++i) {
    request.exports.push_back(*exports.Get(i).As<Napi::External<ExportedFiles>>().Data());
  }
  request.move_files = ReadBool(object, "moveFiles");
  return request;
}

IngestRequest ReadIngestRequest(const Napi::Object& object) {
  IngestRequest request;
  request.files = ReadStrings(object.Get("files").As<Napi::Array>());
  request.move_files = ReadBool(object, "moveFiles");
  request.from_database = ReadBool(object, "fromDatabase");
  return request;
}

KeyGroupsToWrite ReadKeyGroupsToWrite(const Napi::Object& object) {
  KeyGroupsToWrite request;
  request.path = ReadString(object, "path");
  request.header = CopyFromJs(object.Get("header").As<Napi::Uint8Array>());
  request.first_key_group = static_cast<uint32_t>(ReadNumber(object, "firstKeyGroup"));
  request.last_key_group = static_cast<uint32_t>(ReadNumber(object, "lastKeyGroup"));
  request.prefix_bytes = static_cast<size_t>(ReadNumber(object, "prefixBytes"));
  request.compress = ReadBool(object, "compress");
  if (!object.Get("rowsPath").IsUndefined()) {
    request.rows_path = ReadString(object, "rowsPath");
  }
  return request;
}

KeyGroupsToRead ReadKeyGroupsToRead(const Napi::Object& object) {
  KeyGroupsToRead request;
  request.path = ReadString(object, "path");
  request.prefix_bytes = static_cast<size_t>(ReadNumber(object, "prefixBytes"));
  request.compressed = ReadBool(object, "compressed");
  const Napi::Array groups = object.Get("keyGroups").As<Napi::Array>();
  for (uint32_t i = 0; i < groups.Length(); ++i) {
    const Napi::Object group = groups.Get(i).As<Napi::Object>();
    request.key_groups.push_back({static_cast<uint32_t>(ReadNumber(group, "keyGroup")),
                                  static_cast<uint64_t>(ReadNumber(group, "begin")),
                                  static_cast<uint64_t>(ReadNumber(group, "end"))});
  }
  return request;
}

MetricsRequest ReadMetricsRequest(const Napi::Object& object) {
  MetricsRequest request;
  request.properties = ReadStrings(object.Get("properties").As<Napi::Array>());
  request.tickers = ReadStrings(object.Get("tickers").As<Napi::Array>());
  request.histograms = ReadStrings(object.Get("histograms").As<Napi::Array>());
  return request;
}

int64_t ToInt64(double number) {
  // The first number that is too large.
  constexpr auto kLimit = 9223372036854775808.0;
  if (number >= kLimit) {
    return std::numeric_limits<int64_t>::max();
  }
  return number >= -kLimit ? static_cast<int64_t>(number) : std::numeric_limits<int64_t>::min();
}

SharedTtlRule ReadTtlRule(const Napi::Value& value) {
  if (value.IsUndefined()) {
    return nullptr;
  }
  const Napi::Object object = value.As<Napi::Object>();
  auto rule = std::make_shared<TtlRule>();
  rule->rows = ReadString(object, "rows") == "list" ? TtlRule::Rows::kList : TtlRule::Rows::kValue;
  rule->offset = static_cast<size_t>(ReadNumber(object, "offset"));
  rule->ttl_ms = ToInt64(ReadNumber(object, "ttlMs"));
  rule->query_time_after_entries =
      static_cast<uint64_t>(ToInt64(ReadNumber(object, "queryTimeAfterEntries")));
  if (!object.Get("elementLayout").IsUndefined()) {
    ThrowIfFailed(value.Env(), ParseValueLayout(ReadString(object, "elementLayout"),
                                                RestPlace::kNowhere, &rule->element.emplace()));
  }
  return rule;
}

RowsToRewrite ReadRowsToRewrite(const Napi::Object& object) {
  RowsToRewrite request;
  const std::string rows = ReadString(object, "rows");
  if (rows != "value") {
    request.rows = rows == "list" ? RowsToRewrite::Rows::kList : RowsToRewrite::Rows::kMap;
  }
  ThrowIfFailed(object.Env(), ParseLayoutChange(ReadString(object, "change"),
                                                RestPlaceIn(request.rows), &request.change));
  request.directory = ReadString(object, "directory");
  request.max_batch_bytes = static_cast<uint64_t>(ReadNumber(object, "maxBatchBytes"));
  return request;
}

SharedMemoryLimits ReadSharedMemoryLimits(const Napi::Object& object) {
  SharedMemoryLimits limits;
  limits.cache_bytes = static_cast<uint64_t>(ReadNumber(object, "cacheBytes"));
  limits.strict_capacity = ReadBool(object, "strictCapacity");
  limits.high_priority_ratio = ReadNumber(object, "highPriorityRatio");
  limits.write_buffer_bytes = static_cast<uint64_t>(ReadNumber(object, "writeBufferBytes"));
  return limits;
}

}  // namespace rockstate
