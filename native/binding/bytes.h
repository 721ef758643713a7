// Bytes between JavaScript and C++, by copy: no external ArrayBuffers over native memory.
#pragma once

#include <cstring>
#include <string>

#include "napi.h"
#include "rocksdb/slice.h"

namespace rockstate {

inline Napi::Uint8Array CopyToJs(Napi::Env env, const rocksdb::Slice& bytes) {
  Napi::Uint8Array array = Napi::Uint8Array::New(env, bytes.size());
  // An empty array has no memory to copy to.
  if (!bytes.empty()) {
    std::memcpy(array.Data(), bytes.data(), bytes.size());
  }
  return array;
}

inline std::string CopyFromJs(const Napi::Uint8Array& array) {
  return {reinterpret_cast<const char*>(array.Data()), array.ByteLength()};
}

}  // namespace rockstate
