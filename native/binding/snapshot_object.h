// JavaScript's hold on a snapshot: a number for the call header, released on request, on close or
// with the garbage.
#pragma once

#include <memory>

#include "addon_state.h"
#include "db_slot.h"
#include "napi.h"

namespace rockstate {

class SnapshotObject : public Napi::ObjectWrap<SnapshotObject> {
 public:
  static Napi::Function Define(Napi::Env env);
  static Napi::Value New(Napi::Env env, const AddonState& addon,
                         const std::shared_ptr<DbSlot>& slot);
  // Only through New: its argument is an External.
  explicit SnapshotObject(const Napi::CallbackInfo& info);
  ~SnapshotObject() override;

 private:
  Napi::Value Number(const Napi::CallbackInfo& info);
  Napi::Value SequenceNumber(const Napi::CallbackInfo& info);
  void Release(const Napi::CallbackInfo& info);

  std::weak_ptr<DbSlot> slot_;
  int32_t number_ = 0;
  uint64_t sequence_number_ = 0;
};

}  // namespace rockstate
