#include "snappy_calls.h"

#include <string>

#include "bytes.h"
#include "snappy.h"
#include "throw_status.h"

namespace rockstate {

Napi::Value SnappyCompress(const Napi::CallbackInfo& info) {
  const Napi::Uint8Array bytes = info[0].As<Napi::Uint8Array>();
  std::string compressed;
  snappy::Compress(reinterpret_cast<const char*>(bytes.Data()), bytes.ByteLength(), &compressed);
  return CopyToJs(info.Env(), compressed);
}

Napi::Value SnappyUncompress(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const Napi::Uint8Array bytes = info[0].As<Napi::Uint8Array>();
  const auto limit = static_cast<size_t>(info[1].As<Napi::Number>().Int64Value());
  const auto* data = reinterpret_cast<const char*>(bytes.Data());
  size_t length = 0;
  std::string uncompressed;
  if (!snappy::GetUncompressedLength(data, bytes.ByteLength(), &length)) {
    ThrowIfFailed(env, rocksdb::Status::Corruption("a Snappy block without a length"));
  }
  if (length > limit) {
    ThrowIfFailed(env, rocksdb::Status::Corruption("a Snappy block of " + std::to_string(length) +
                                                   " bytes uncompressed, where at most " +
                                                   std::to_string(limit) + " are possible"));
  }
  if (!snappy::Uncompress(data, bytes.ByteLength(), &uncompressed)) {
    ThrowIfFailed(env, rocksdb::Status::Corruption("a Snappy block that can not be uncompressed"));
  }
  return CopyToJs(env, uncompressed);
}

}  // namespace rockstate
