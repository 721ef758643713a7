#include "scan_object.h"

#include "run_async.h"
#include "throw_status.h"

namespace rockstate {
namespace {

// What an open iterator holds, roughly: its children, and the blocks it pins. Tells V8 that
// dropping one is worth it.
constexpr int64_t kScanBytes = int64_t{64} * 1024;

}  // namespace

Napi::Function ScanObject::Define(Napi::Env env) {
  return DefineClass(env, "NativeScan",
                     {InstanceMethod<&ScanObject::NextPage>("nextPage"),
                      InstanceMethod<&ScanObject::NextPageAsync>("nextPageAsync"),
                      InstanceMethod<&ScanObject::CloseFromJs>("close")});
}

Napi::Value ScanObject::New(Napi::Env env, const AddonState& addon, NewScan scan) {
  return addon.scan_class.New({Napi::External<NewScan>::New(env, &scan)});
}

ScanObject::ScanObject(const Napi::CallbackInfo& info) : Napi::ObjectWrap<ScanObject>(info) {
  const NewScan& scan = *info[0].As<Napi::External<NewScan>>().Data();
  slot_ = scan.slot;
  scan_ = scan.scan;
  scan.slot->children.insert(this);
  ReportMemory();
}

ScanObject::~ScanObject() { ScanObject::Close(); }

void ScanObject::Close() {
  if (scan_ == nullptr) {
    return;
  }
  scan_.reset();
  if (const auto slot = slot_.lock()) {
    slot->children.erase(this);
  }
  ReportMemory();
}

void ScanObject::ReportMemory() {
  const int64_t held_bytes = scan_ == nullptr || scan_->ended() ? 0 : kScanBytes;
  if (held_bytes != reported_bytes_) {
    Napi::MemoryManagement::AdjustExternalMemory(Env(), held_bytes - reported_bytes_);
    reported_bytes_ = held_bytes;
  }
}

void ScanObject::CloseFromJs(const Napi::CallbackInfo& /*info*/) { Close(); }

const std::shared_ptr<Scan>& ScanObject::OpenScan(Napi::Env env) const {
  if (scan_ == nullptr) {
    throw CodeError(env, "ERR_ROCKSDB_CLOSED", "The scan or its database is closed.");
  }
  if (filling_) {
    throw CodeError(env, "ERR_ROCKSDB_BUSY",
                    "The scan is still filling its previous page; await it first.");
  }
  return scan_;
}

Napi::Value ScanObject::NextPage(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  Napi::Uint8Array page = info[0].As<Napi::Uint8Array>();
  int64_t filled = 0;
  ThrowIfFailed(env, OpenScan(env)->NextPage(page.Data(), page.ByteLength(), &filled));
  ReportMemory();
  return Napi::Number::New(env, static_cast<double>(filled));
}

Napi::Value ScanObject::NextPageAsync(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const std::shared_ptr<Scan> scan = OpenScan(env);
  Napi::Uint8Array page = info[0].As<Napi::Uint8Array>();
  uint8_t* bytes = page.Data();
  const size_t capacity = page.ByteLength();
  // Keeps the page and this object alive, and the object marked, until the worker is done.
  auto page_reference =
      std::make_shared<Napi::ObjectReference>(Napi::Persistent(page.As<Napi::Object>()));
  auto self_reference = std::make_shared<Napi::ObjectReference>(Napi::Persistent(Value()));
  filling_ = true;
  const Napi::Promise promise = AsyncCall<int64_t>::Start(
      env,
      [scan, bytes, capacity](int64_t* filled) { return scan->NextPage(bytes, capacity, filled); },
      [](Napi::Env settle_env, int64_t* filled) {
        return Napi::Number::New(settle_env, static_cast<double>(*filled));
      },
      [this, page_reference, self_reference] {
        filling_ = false;
        ReportMemory();
      });
  return promise;
}

}  // namespace rockstate
