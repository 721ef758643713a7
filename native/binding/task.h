// What JavaScript holds of a task that a worker is at.
#pragma once

#include "napi.h"
#include "task_state.h"

namespace rockstate {

// {completed: Promise, cancel(): void}
inline Napi::Object Task(Napi::Env env, const Napi::Promise& completed,
                         const Cancelled& cancelled) {
  Napi::Object task = Napi::Object::New(env);
  task.Set("completed", completed);
  task.Set("cancel",
           Napi::Function::New(env, [cancelled](const Napi::CallbackInfo&) { *cancelled = true; }));
  return task;
}

}  // namespace rockstate
