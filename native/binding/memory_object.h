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
  ~MemoryObject() override;

  // Throws when it was closed.
  const std::shared_ptr<SharedMemory>& memory() const;

 private:
  Napi::Value Usage(const Napi::CallbackInfo& info);
  void CloseFromJs(const Napi::CallbackInfo& info);
  void Close();

  std::shared_ptr<SharedMemory> memory_;
  int64_t cache_bytes_ = 0;
};

}  // namespace rockstate
