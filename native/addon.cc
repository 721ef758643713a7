// Module entry: hands out the native classes and functions, and takes the JavaScript error class.
#include "binding/addon_state.h"
#include "binding/db_object.h"
#include "binding/file_piece_call.h"
#include "binding/hot_calls.h"
#include "binding/memory_object.h"
#include "binding/scan_object.h"
#include "binding/snappy_calls.h"
#include "binding/snapshot_object.h"
#include "binding/value_object.h"
#include "napi.h"
#include "rocksdb/version.h"

namespace rockstate {
namespace {

void SetErrorClass(const Napi::CallbackInfo& info) {
  info.Env().GetInstanceData<AddonState>()->error_class =
      Napi::Persistent(info[0].As<Napi::Function>());
}

Napi::Object Init(Napi::Env env, Napi::Object exports) {
  auto* addon = new AddonState();
  env.SetInstanceData(addon);
  addon->db_class = Napi::Persistent(DbObject::Define(env));
  addon->scan_class = Napi::Persistent(ScanObject::Define(env));
  addon->snapshot_class = Napi::Persistent(SnapshotObject::Define(env));
  addon->value_class = Napi::Persistent(ValueObject::Define(env));
  addon->memory_class = Napi::Persistent(MemoryObject::Define(env));

  exports.Set("buildId", ROCKSTATE_BUILD_ID);
  exports.Set("rocksdbVersion", rocksdb::GetRocksVersionAsString());
  exports.Set("SharedMemory", addon->memory_class.Value());
  exports.Set("setErrorClass", Napi::Function::New<SetErrorClass>(env, "setErrorClass"));
  exports.Set("openDb", Napi::Function::New<DbObject::Open>(env, "openDb"));
  exports.Set("listColumnFamilies",
              Napi::Function::New<DbObject::ListColumnFamilies>(env, "listColumnFamilies"));
  exports.Set("readFilePiece", Napi::Function::New<ReadFilePiece>(env, "readFilePiece"));
  exports.Set("snappyCompress", Napi::Function::New<SnappyCompress>(env, "snappyCompress"));
  exports.Set("snappyUncompress", Napi::Function::New<SnappyUncompress>(env, "snappyUncompress"));
  ExportHotCalls(env, addon, exports);
  return exports;
}

}  // namespace
}  // namespace rockstate

static Napi::Object InitModule(Napi::Env env, Napi::Object exports) {
  return rockstate::Init(env, exports);
}

NODE_API_MODULE(rockstate, InitModule)
