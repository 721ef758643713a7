#include "value_object.h"

#include "throw_status.h"

namespace rockstate {

Napi::Function ValueObject::Define(Napi::Env env) {
  return DefineClass(env, "NativeValue",
                     {InstanceAccessor<&ValueObject::SizeBytes>("sizeBytes"),
                      InstanceMethod<&ValueObject::Read>("read"),
                      InstanceMethod<&ValueObject::CloseFromJs>("close")});
}

Napi::Value ValueObject::New(Napi::Env env, const AddonState& addon, NewValue value) {
  return addon.value_class.New({Napi::External<NewValue>::New(env, &value)});
}

ValueObject::ValueObject(const Napi::CallbackInfo& info) : Napi::ObjectWrap<ValueObject>(info) {
  const NewValue& value = *info[0].As<Napi::External<NewValue>>().Data();
  slot_ = value.slot;
  value_ = value.value;
  size_bytes_ = static_cast<int64_t>(value_->size());
  value.slot->children.insert(this);
  Napi::MemoryManagement::AdjustExternalMemory(info.Env(), size_bytes_);
}

ValueObject::~ValueObject() { ValueObject::Close(); }

void ValueObject::Close() {
  if (value_ == nullptr) {
    return;
  }
  value_.reset();
  if (const auto slot = slot_.lock()) {
    slot->children.erase(this);
  }
  Napi::MemoryManagement::AdjustExternalMemory(Env(), -size_bytes_);
}

void ValueObject::CloseFromJs(const Napi::CallbackInfo& /*info*/) { Close(); }

const StoredValue& ValueObject::OpenValue(Napi::Env env) const {
  if (value_ == nullptr) {
    throw CodeError(env, "ERR_ROCKSDB_CLOSED", "The value or its database is closed.");
  }
  return *value_;
}

Napi::Value ValueObject::SizeBytes(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), static_cast<double>(size_bytes_));
}

Napi::Value ValueObject::Read(const Napi::CallbackInfo& info) {
  const auto offset = static_cast<uint64_t>(info[0].As<Napi::Number>().Int64Value());
  Napi::Uint8Array page = info[1].As<Napi::Uint8Array>();
  const size_t length = OpenValue(info.Env()).CopyTo(page.Data(), page.ByteLength(), offset);
  return Napi::Number::New(info.Env(), static_cast<double>(length));
}

}  // namespace rockstate
