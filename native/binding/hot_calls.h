// Point calls. The database is a small integer, and keys and values travel in its call buffer:
// nothing is allocated on the JavaScript side but the result of an asynchronous call.
#pragma once

#include "addon_state.h"
#include "napi.h"

namespace rockstate {

void ExportHotCalls(Napi::Env env, AddonState* addon, Napi::Object exports);

}  // namespace rockstate
