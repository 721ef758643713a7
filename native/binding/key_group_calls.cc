// Writing and reading the key groups of savepoints, on a worker, until it is cancelled.
#include "arguments.h"
#include "db_object.h"
#include "key_groups.h"
#include "run_async.h"
#include "task.h"

namespace rockstate {
namespace {

Napi::Value DescribeWritten(Napi::Env env, WrittenKeyGroups* written) {
  Napi::Float64Array offsets = Napi::Float64Array::New(env, written->offsets.size());
  for (size_t i = 0; i < written->offsets.size(); ++i) {
    offsets[i] = static_cast<double>(written->offsets[i]);
  }
  Napi::Object description = Napi::Object::New(env);
  description.Set("offsets", offsets);
  description.Set("sizeBytes", static_cast<double>(written->size_bytes));
  description.Set("rows", static_cast<double>(written->rows));
  return description;
}

}  // namespace

Napi::Value DbObject::WriteKeyGroups(const Napi::CallbackInfo& info) {
  const Napi::Object object = info[0].As<Napi::Object>();
  KeyGroupsToWrite request = ReadKeyGroupsToWrite(object);
  request.snapshot = FindSnapshot(info[1]);
  const Napi::Array families = object.Get("columnFamilies").As<Napi::Array>();
  for (uint32_t i = 0; i < families.Length(); ++i) {
    const Napi::Value family = families.Get(i);
    request.families.push_back(family.IsUndefined() ? nullptr : FindFamily(family));
  }
  const Napi::Array ttl = object.Get("ttl").As<Napi::Array>();
  for (uint32_t i = 0; i < ttl.Length(); ++i) {
    request.ttl.push_back(ReadTtlRule(ttl.Get(i)));
  }
  request.ttl_now_ms = ToInt64(object.Get("ttlNowMs").As<Napi::Number>().DoubleValue());
  const auto cancelled = std::make_shared<std::atomic<bool>>(false);
  const Napi::Promise completed = AsyncCall<WrittenKeyGroups>::Start(
      info.Env(),
      [request = std::move(request), cancelled](WrittenKeyGroups* written) {
        return rockstate::WriteKeyGroups(request, cancelled, written);
      },
      DescribeWritten);
  return Task(info.Env(), completed, cancelled);
}

Napi::Value DbObject::ReadKeyGroups(const Napi::CallbackInfo& info) {
  const Napi::Object object = info[0].As<Napi::Object>();
  KeyGroupsToRead request = ReadKeyGroupsToRead(object);
  const Napi::Array families = object.Get("columnFamilies").As<Napi::Array>();
  for (uint32_t i = 0; i < families.Length(); ++i) {
    const Napi::Value family = families.Get(i);
    request.families.push_back(family.IsUndefined() ? nullptr : FindFamily(family));
  }
  const auto cancelled = std::make_shared<std::atomic<bool>>(false);
  const Napi::Promise completed = AsyncCall<ReadRows>::Start(
      info.Env(),
      [request = std::move(request), cancelled, db = OpenSlot(info.Env())->db](ReadRows* read) {
        return rockstate::ReadKeyGroups(db.get(), request, cancelled, read);
      },
      [](Napi::Env env, ReadRows* read) {
        return Napi::Number::New(env, static_cast<double>(read->rows));
      });
  return Task(info.Env(), completed, cancelled);
}

}  // namespace rockstate
