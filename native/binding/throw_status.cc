#include "throw_status.h"

#include "addon_state.h"
#include "list_merge.h"
#include "status_code.h"

namespace rockstate {
namespace {

struct ErrorFields {
  const char* code;
  const char* subcode;
  const char* severity;
};

Napi::Error NewError(Napi::Env env, const std::string& message, const ErrorFields& fields) {
  Napi::Object details = Napi::Object::New(env);
  details.Set("code", fields.code);
  details.Set("subcode", fields.subcode);
  details.Set("severity", fields.severity);
  const Napi::Value error = env.GetInstanceData<AddonState>()->error_class.New(
      {Napi::String::New(env, message), details});
  return Napi::Error(env, error);
}

}  // namespace

Napi::Error StatusError(Napi::Env env, const rocksdb::Status& status) {
  if (IsListTooLong(status)) {
    return TooLargeError(env, "value");
  }
  return NewError(env, status.ToString(),
                  {CodeString(status), SubcodeString(status), SeverityString(status)});
}

Napi::Error CodeError(Napi::Env env, const char* code, const std::string& message) {
  return NewError(env, message, {code, "NONE", "NO_ERROR"});
}

Napi::Error TooLargeError(Napi::Env env, const std::string& what) {
  return CodeError(env, "ERR_ROCKSDB_TOO_LARGE",
                   "The " + what + " to read is longer than " + std::to_string(kMaxValueBytes) +
                       " bytes, the most that can be read at once.");
}

Napi::Error ClosedError(Napi::Env env) {
  return CodeError(env, "ERR_ROCKSDB_CLOSED", "The database is closed.");
}

Napi::Error UnknownFamilyError(Napi::Env env, int64_t number) {
  return CodeError(env, "ERR_ROCKSDB_UNKNOWN_COLUMN_FAMILY",
                   "There is no column family with number " + std::to_string(number) + ".");
}

}  // namespace rockstate
