// The methods of a Db object that tell what the Db says of itself.
#include <cstring>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "arguments.h"
#include "bytes.h"
#include "db_object.h"
#include "metrics.h"
#include "run_async.h"

namespace rockstate {
namespace {

using rocksdb::Status;

Napi::Object DescribeFile(Napi::Env env, const rocksdb::LiveFileMetaData& file) {
  Napi::Object description = Napi::Object::New(env);
  description.Set("columnFamily", file.column_family_name);
  description.Set("directory", file.directory);
  description.Set("name", file.relative_filename);
  description.Set("level", file.level);
  description.Set("sizeBytes", static_cast<double>(file.size));
  description.Set("entries", static_cast<double>(file.num_entries));
  description.Set("deletions", static_cast<double>(file.num_deletions));
  description.Set("smallestKey", CopyToJs(env, file.smallestkey));
  description.Set("largestKey", CopyToJs(env, file.largestkey));
  description.Set("beingCompacted", file.being_compacted);
  return description;
}

}  // namespace

Napi::Value DbObject::Property(const Napi::CallbackInfo& info) {
  return AsyncCall<std::string>::Start(
      info.Env(),
      [family = FindFamily(info[0]), name = info[1].As<Napi::String>().Utf8Value()](
          std::string* value) { return rockstate::Property(*family, name, value); },
      [](Napi::Env env, std::string* value) { return Napi::String::New(env, *value); });
}

Napi::Value DbObject::MapProperty(const Napi::CallbackInfo& info) {
  using Values = std::map<std::string, std::string>;
  return AsyncCall<Values>::Start(
      info.Env(),
      [family = FindFamily(info[0]), name = info[1].As<Napi::String>().Utf8Value()](
          Values* values) { return rockstate::MapProperty(*family, name, values); },
      [](Napi::Env env, Values* values) {
        Napi::Object object = Napi::Object::New(env);
        for (const auto& [key, value] : *values) {
          object.Set(key, value);
        }
        return object;
      });
}

Napi::Value DbObject::ReadMetrics(const Napi::CallbackInfo& info) {
  MetricsRequest request = ReadMetricsRequest(info[1].As<Napi::Object>());
  request.db = OpenSlot(info.Env())->db;
  const Napi::Array families = info[0].As<Napi::Array>();
  for (uint32_t i = 0; i < families.Length(); ++i) {
    request.families.push_back(FindFamily(families.Get(i)));
  }
  using Values = std::vector<double>;
  return AsyncCall<Values>::Start(
      info.Env(),
      [request = std::move(request)](Values* values) {
        return rockstate::ReadMetrics(request, values);
      },
      [](Napi::Env env, Values* values) {
        Napi::Float64Array array = Napi::Float64Array::New(env, values->size());
        if (!values->empty()) {
          std::memcpy(array.Data(), values->data(), values->size() * sizeof(double));
        }
        return array;
      });
}

Napi::Value DbObject::LiveFiles(const Napi::CallbackInfo& info) {
  using Files = std::vector<rocksdb::LiveFileMetaData>;
  return AsyncCall<Files>::Start(
      info.Env(),
      [db = OpenSlot(info.Env())->db](Files* files) {
        *files = rockstate::LiveFiles(*db);
        return Status::OK();
      },
      [](Napi::Env env, Files* files) {
        Napi::Array array = Napi::Array::New(env, files->size());
        for (uint32_t i = 0; i < files->size(); ++i) {
          array.Set(i, DescribeFile(env, (*files)[i]));
        }
        return array;
      });
}

}  // namespace rockstate
