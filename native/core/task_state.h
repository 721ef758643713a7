// What the JS thread shares with a worker that is at a long task.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>

#include "rocksdb/status.h"

namespace rockstate {

// Set by the JS thread while a worker is at it.
using Cancelled = std::shared_ptr<std::atomic<bool>>;

struct TaskState {
  std::atomic<bool> cancelled{false};
  // Rows that were worked on, counted by the worker.
  std::atomic<uint64_t> rows{0};
};

inline rocksdb::Status CancelledStatus() { return rocksdb::Status::Aborted("cancelled"); }

}  // namespace rockstate
