// The one way to work off the JS thread: run a function on a worker, then settle a promise on the
// JS thread.
#pragma once

#include <functional>
#include <memory>
#include <new>
#include <stdexcept>
#include <utility>

#include "napi.h"
#include "throw_status.h"

namespace rockstate {

// Work:   rocksdb::Status(Result*)            on a worker; it must not touch JavaScript
// Settle: Napi::Value(Napi::Env, Result*)     on the JS thread, makes the value to resolve with
// Finish: void()                              on the JS thread, whatever came of it; holds what
// must be freed there
template <typename Result>
class AsyncCall {
 public:
  using Work = std::function<rocksdb::Status(Result*)>;
  using Settle = std::function<Napi::Value(Napi::Env, Result*)>;
  using Finish = std::function<void()>;

  static Napi::Promise Start(Napi::Env env, Work work, Settle settle, Finish finish = nullptr) {
    auto* call = new AsyncCall(env, std::move(work), std::move(settle), std::move(finish));
    const Napi::Promise promise = call->deferred_.Promise();
    const Napi::String name = Napi::String::New(env, "rockstate");
    napi_create_async_work(env, nullptr, name, &Execute, &Complete, call, &call->work_handle_);
    napi_queue_async_work(env, call->work_handle_);
    return promise;
  }

 private:
  AsyncCall(Napi::Env env, Work work, Settle settle, Finish finish)
      : env_(env),
        deferred_(Napi::Promise::Deferred::New(env)),
        work_(std::move(work)),
        settle_(std::move(settle)),
        finish_(std::move(finish)) {}

  static void Execute(napi_env /*env*/, void* data) {
    auto* call = static_cast<AsyncCall*>(data);
    try {
      call->status_ = call->work_(&call->result_);
    } catch (const std::bad_alloc&) {
      call->status_ = rocksdb::Status::MemoryLimit("out of memory");
    } catch (const std::exception& error) {
      call->status_ = rocksdb::Status::Aborted(error.what());
    }
    // What the work held of a database goes here, so that a last reference closes it on this
    // thread.
    call->work_ = nullptr;
  }

  static void Complete(napi_env /*env*/, napi_status status, void* data) {
    const std::unique_ptr<AsyncCall> call(static_cast<AsyncCall*>(data));
    const Napi::HandleScope scope(call->env_);
    if (call->finish_) {
      call->finish_();
    }
    // An environment that is being torn down takes no results; there is nobody left to tell.
    if (status != napi_cancelled) {
      try {
        call->SettlePromise();
      } catch (const Napi::Error&) {
      }
    }
    napi_delete_async_work(call->env_, call->work_handle_);
  }

  void SettlePromise() {
    if (!status_.ok()) {
      deferred_.Reject(StatusError(env_, status_).Value());
      return;
    }
    try {
      deferred_.Resolve(settle_(env_, &result_));
    } catch (const Napi::Error& error) {
      deferred_.Reject(error.Value());
    }
  }

  Napi::Env env_;
  Napi::Promise::Deferred deferred_;
  napi_async_work work_handle_ = nullptr;
  Work work_;
  Settle settle_;
  Finish finish_;
  rocksdb::Status status_;
  Result result_{};
};

// For work without a result: resolves with undefined.
struct Nothing {};

inline Napi::Promise RunAsync(Napi::Env env, std::function<rocksdb::Status()> work) {
  return AsyncCall<Nothing>::Start(
      env, [work = std::move(work)](Nothing*) { return work(); },
      [](Napi::Env settle_env, Nothing*) { return settle_env.Undefined(); });
}

}  // namespace rockstate
