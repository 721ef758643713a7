// Writing and reading the key groups of savepoints, on a worker, until it is cancelled.
#include "arguments.h"
#include "db_object.h"
#include "key_groups.h"
#include "run_async.h"

namespace rockstate {
namespace {

// {completed: Promise, cancel(): void}
Napi::Object Task(Napi::Env env, const Napi::Promise& completed, const Cancelled& cancelled) {
  Napi::Object task = Napi::Object::New(env);
  task.Set("completed", completed);
  task.Set("cancel",
           Napi::Function::New(env, [cancelled](const Napi::CallbackInfo&) { *cancelled = true; }));
  return task;
}

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
