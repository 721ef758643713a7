// What one JavaScript environment (main thread or worker) has of the addon. Nothing is shared
// between environments.
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <vector>

#include "napi.h"

namespace rockstate {

struct DbSlot;

// The open databases by handle. A handle is never used twice, so a stale one finds nothing.
class DbTable {
 public:
  int32_t Add(std::shared_ptr<DbSlot> slot) {
    slots_.push_back(std::move(slot));
    return static_cast<int32_t>(slots_.size()) - 1;
  }

  // Null when the handle was closed or never existed.
  const std::shared_ptr<DbSlot>& Find(int32_t handle) const {
    const auto index = static_cast<size_t>(handle);
    return index < slots_.size() ? slots_[index] : none_;
  }

  std::shared_ptr<DbSlot> Remove(int32_t handle) {
    const auto index = static_cast<size_t>(handle);
    return index < slots_.size() ? std::move(slots_[index]) : nullptr;
  }

 private:
  std::vector<std::shared_ptr<DbSlot>> slots_;
  const std::shared_ptr<DbSlot> none_;
};

struct AddonState {
  Napi::FunctionReference error_class;
  Napi::FunctionReference db_class;
  Napi::FunctionReference scan_class;
  Napi::FunctionReference snapshot_class;
  Napi::FunctionReference memory_class;
  Napi::FunctionReference value_class;
  // Shared with the objects that JavaScript holds, as their finalizers may run after this state is
  // gone.
  std::shared_ptr<DbTable> dbs = std::make_shared<DbTable>();

  // Never 0. Not counted per Db, so that no Db takes another's snapshot for one of its own.
  int32_t NextSnapshotNumber() {
    last_snapshot_ = last_snapshot_ == std::numeric_limits<int32_t>::max() ? 1 : last_snapshot_ + 1;
    return last_snapshot_;
  }

 private:
  int32_t last_snapshot_ = 0;
};

}  // namespace rockstate
