// Errors on their way to JavaScript: a RocksDBError (the class that JavaScript registered) from a
// status or a code.
#pragma once

#include <string>

#include "napi.h"
#include "rocksdb/status.h"

namespace rockstate {

Napi::Error StatusError(Napi::Env env, const rocksdb::Status& status);
// For what only the binding can know: a closed handle, an unknown column family.
Napi::Error CodeError(Napi::Env env, const char* code, const std::string& message);
// `what` to read is longer than kMaxValueBytes.
Napi::Error TooLargeError(Napi::Env env, const std::string& what);
Napi::Error ClosedError(Napi::Env env);
Napi::Error UnknownFamilyError(Napi::Env env, int64_t number);

inline void ThrowIfFailed(Napi::Env env, const rocksdb::Status& status) {
  if (!status.ok()) {
    throw StatusError(env, status);
  }
}

}  // namespace rockstate
