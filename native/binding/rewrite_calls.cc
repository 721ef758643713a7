// Rewriting the rows of a family, on a worker, until it is cancelled, or while the JS thread waits.
#include <memory>

#include "arguments.h"
#include "db_object.h"
#include "rewrite_rows.h"
#include "run_async.h"
#include "task.h"

namespace rockstate {

Napi::Value DbObject::RewriteRows(const Napi::CallbackInfo& info) {
  const auto state = std::make_shared<TaskState>();
  const Napi::Promise completed = AsyncCall<uint64_t>::Start(
      info.Env(),
      [family = FindFamily(info[0]), request = ReadRowsToRewrite(info[1].As<Napi::Object>()),
       state](uint64_t* rows) {
        return rockstate::RewriteRows(family, request, state.get(), rows);
      },
      [](Napi::Env env, uint64_t* rows) {
        return Napi::Number::New(env, static_cast<double>(*rows));
      });
  Napi::Object task = Task(info.Env(), completed, Cancelled(state, &state->cancelled));
  task.Set("progress", Napi::Function::New(info.Env(), [state](const Napi::CallbackInfo& call) {
             return Napi::Number::New(call.Env(), static_cast<double>(state->rows));
           }));
  return task;
}

Napi::Value DbObject::RewriteRowsSync(const Napi::CallbackInfo& info) {
  TaskState state;
  uint64_t rows = 0;
  const auto family = FindFamily(info[0]);
  ThrowIfFailed(
      info.Env(),
      rockstate::RewriteRows(family, ReadRowsToRewrite(info[1].As<Napi::Object>()), &state, &rows));
  return Napi::Number::New(info.Env(), static_cast<double>(rows));
}

}  // namespace rockstate
