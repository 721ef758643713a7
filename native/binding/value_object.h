// JavaScript's hold on a value that is read in pieces.
#pragma once

#include <memory>

#include "addon_state.h"
#include "db_slot.h"
#include "napi.h"
#include "stored_value.h"

namespace rockstate {

// How a value is handed to its constructor.
struct NewValue {
  std::shared_ptr<DbSlot> slot;
  std::shared_ptr<StoredValue> value;
};

class ValueObject : public Napi::ObjectWrap<ValueObject>, public SlotChild {
 public:
  static Napi::Function Define(Napi::Env env);
  static Napi::Value New(Napi::Env env, const AddonState& addon, NewValue value);
  // Only through New: its argument is an External.
  explicit ValueObject(const Napi::CallbackInfo& info);
  ~ValueObject() override;

  // Gives up the value.
  void Close() override;

 private:
  Napi::Value SizeBytes(const Napi::CallbackInfo& info);
  Napi::Value Read(const Napi::CallbackInfo& info);
  void CloseFromJs(const Napi::CallbackInfo& info);
  const StoredValue& OpenValue(Napi::Env env) const;

  std::weak_ptr<DbSlot> slot_;
  std::shared_ptr<StoredValue> value_;
  int64_t size_bytes_ = 0;
};

}  // namespace rockstate
