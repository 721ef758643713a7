// JavaScript's hold on a SharedMemory.
#pragma once

#include <memory>

#include "addon_state.h"
#include "napi.h"
#include "shared_memory.h"

namespace rockstate {

class MemoryObject : public Napi::ObjectWrap<MemoryObject> {
 public:
  static Napi::Function Define(Napi::Env env);
  explicit MemoryObject(const Napi::CallbackInfo& info);

  // Throws when it was closed.
  const std::shared_ptr<SharedMemory>& memory() const;

 private:
  Napi::Value Usage(const Napi::CallbackInfo& info);
  void Close(const Napi::CallbackInfo& info);

  std::shared_ptr<SharedMemory> memory_;
};

}  // namespace rockstate
