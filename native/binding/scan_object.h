// JavaScript's hold on a scan: fills pages that JavaScript owns, on the JS thread or on a worker.
#pragma once

#include <memory>

#include "addon_state.h"
#include "db_slot.h"
#include "napi.h"
#include "scan.h"

namespace rockstate {

// How a scan is handed to its constructor.
struct NewScan {
  std::shared_ptr<DbSlot> slot;
  std::shared_ptr<Scan> scan;
};

class ScanObject : public Napi::ObjectWrap<ScanObject>, public SlotChild {
 public:
  static Napi::Function Define(Napi::Env env);
  static Napi::Value New(Napi::Env env, const AddonState& addon, NewScan scan);
  // Only through New: its argument is an External.
  explicit ScanObject(const Napi::CallbackInfo& info);
  ~ScanObject() override;

  // Gives up the iterator. A page being filled on a worker ends first.
  void Close() override;

 private:
  Napi::Value NextPage(const Napi::CallbackInfo& info);
  Napi::Value NextPageAsync(const Napi::CallbackInfo& info);
  void CloseFromJs(const Napi::CallbackInfo& info);
  const std::shared_ptr<Scan>& OpenScan(Napi::Env env) const;
  // Tells V8 what the scan holds, if that has changed.
  void ReportMemory();

  std::weak_ptr<DbSlot> slot_;
  std::shared_ptr<Scan> scan_;
  bool filling_ = false;
  int64_t reported_bytes_ = 0;
};

}  // namespace rockstate
