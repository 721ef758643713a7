#include "memory_object.h"

#include "arguments.h"
#include "throw_status.h"

namespace rockstate {
namespace {

std::shared_ptr<SharedMemory> MakeMemory(const Napi::Object& object) {
  const SharedMemoryLimits limits = ReadSharedMemoryLimits(object);
  const Napi::Value name = object.Get("name");
  return name.IsUndefined() ? std::make_shared<SharedMemory>(limits)
                            : SharedMemory::Named(name.As<Napi::String>().Utf8Value(), limits);
}

}  // namespace

Napi::Function MemoryObject::Define(Napi::Env env) {
  return DefineClass(env, "NativeSharedMemory",
                     {InstanceMethod<&MemoryObject::Usage>("usage"),
                      InstanceMethod<&MemoryObject::CloseFromJs>("close")});
}

MemoryObject::MemoryObject(const Napi::CallbackInfo& info)
    : Napi::ObjectWrap<MemoryObject>(info),
      memory_(MakeMemory(info[0].As<Napi::Object>())),
      cache_bytes_(static_cast<int64_t>(memory_->Usage().cache_capacity)) {
  // A cache is as good as always full, and dropping it unclosed must not leave that to chance.
  Napi::MemoryManagement::AdjustExternalMemory(info.Env(), cache_bytes_);
}

MemoryObject::~MemoryObject() { Close(); }

const std::shared_ptr<SharedMemory>& MemoryObject::memory() const {
  if (memory_ == nullptr) {
    throw ClosedError(Env());
  }
  return memory_;
}

// Databases that use the memory go on doing so.
void MemoryObject::Close() {
  if (memory_ != nullptr) {
    memory_.reset();
    Napi::MemoryManagement::AdjustExternalMemory(Env(), -cache_bytes_);
  }
}

void MemoryObject::CloseFromJs(const Napi::CallbackInfo& /*info*/) { Close(); }

Napi::Value MemoryObject::Usage(const Napi::CallbackInfo& info) {
  const SharedMemoryUsage usage = memory()->Usage();
  Napi::Object result = Napi::Object::New(info.Env());
  const auto set = [&](const char* name, uint64_t bytes) {
    result.Set(name, static_cast<double>(bytes));
  };
  set("cacheCapacityBytes", usage.cache_capacity);
  set("cacheUsageBytes", usage.cache_usage);
  set("cachePinnedBytes", usage.cache_pinned_usage);
  set("writeBufferCapacityBytes", usage.write_buffer_capacity);
  set("writeBufferUsageBytes", usage.write_buffer_usage);
  set("writeBufferMutableBytes", usage.write_buffer_mutable_usage);
  return result;
}

}  // namespace rockstate
