#include "snapshot_object.h"

namespace rockstate {

Napi::Function SnapshotObject::Define(Napi::Env env) {
  return DefineClass(env, "NativeSnapshot",
                     {InstanceAccessor<&SnapshotObject::Number>("number"),
                      InstanceAccessor<&SnapshotObject::SequenceNumber>("sequenceNumber"),
                      InstanceMethod<&SnapshotObject::Release>("release")});
}

Napi::Value SnapshotObject::New(Napi::Env env, const AddonState& addon,
                                const std::shared_ptr<DbSlot>& slot) {
  // The constructor copies the pointer before this frame ends.
  auto* argument = const_cast<std::shared_ptr<DbSlot>*>(&slot);
  return addon.snapshot_class.New({Napi::External<std::shared_ptr<DbSlot>>::New(env, argument)});
}

SnapshotObject::SnapshotObject(const Napi::CallbackInfo& info)
    : Napi::ObjectWrap<SnapshotObject>(info) {
  const auto& slot = *info[0].As<Napi::External<std::shared_ptr<DbSlot>>>().Data();
  const auto snapshot = std::make_shared<Snapshot>(slot->db);
  number_ = info.Env().GetInstanceData<AddonState>()->NextSnapshotNumber();
  sequence_number_ = snapshot->sequence_number();
  slot->snapshots.emplace(number_, snapshot);
  slot_ = slot;
}

SnapshotObject::~SnapshotObject() {
  if (const auto slot = slot_.lock()) {
    slot->snapshots.erase(number_);
  }
}

Napi::Value SnapshotObject::Number(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), number_);
}

Napi::Value SnapshotObject::SequenceNumber(const Napi::CallbackInfo& info) {
  return Napi::BigInt::New(info.Env(), sequence_number_);
}

void SnapshotObject::Release(const Napi::CallbackInfo& /*info*/) {
  if (const auto slot = slot_.lock()) {
    slot->snapshots.erase(number_);
  }
}

}  // namespace rockstate
