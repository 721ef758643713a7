// Time to live: rules and the clock of the filters that drop what expired.
#include <algorithm>

#include "arguments.h"
#include "db_object.h"
#include "run_async.h"
#include "ttl_filter.h"
#include "upkeep.h"

namespace rockstate {

void DbObject::SetTtl(const Napi::CallbackInfo& info) {
  const auto family = FindFamily(info[0]);
  ThrowIfFailed(info.Env(),
                SetTtlRule(family->db()->rocks(), family->handle(), ReadTtlRule(info[1])));
}

void DbObject::SetTtlTime(const Napi::CallbackInfo& info) {
  TtlClock* clock = OpenSlot(info.Env())->db->ttl_clock();
  if (info[0].IsUndefined()) {
    clock->Set(TtlClock::kSystemTime);
    return;
  }
  const int64_t now_ms = ToInt64(info[0].As<Napi::Number>().DoubleValue());
  clock->Set(std::max(now_ms, TtlClock::kSystemTime + 1));
}

Napi::Value DbObject::SetColumnFamilyOptions(const Napi::CallbackInfo& info) {
  return RunAsync(info.Env(), [family = FindFamily(info[0]),
                               options = ReadOptionMap(info[1].As<Napi::Object>())] {
    return family->SetOptions(options);
  });
}

}  // namespace rockstate
