// Snappy blocks for TypeScript's side of savepoints.
#pragma once

#include "napi.h"

namespace rockstate {

// snappyCompress(bytes): Uint8Array
Napi::Value SnappyCompress(const Napi::CallbackInfo& info);
// snappyUncompress(bytes, maxBytes): Uint8Array
Napi::Value SnappyUncompress(const Napi::CallbackInfo& info);

}  // namespace rockstate
