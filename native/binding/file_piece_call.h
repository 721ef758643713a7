// readFilePiece(piece): Promise<{ bytes, crc32 }>
#pragma once

#include "napi.h"

namespace rockstate {

Napi::Value ReadFilePiece(const Napi::CallbackInfo& info);

}  // namespace rockstate
