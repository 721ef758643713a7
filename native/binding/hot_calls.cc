#include "hot_calls.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "bytes.h"
#include "db_slot.h"
#include "list_merge.h"
#include "multi_read.h"
#include "point.h"
#include "run_async.h"
#include "scan_object.h"
#include "throw_status.h"
#include "value_object.h"

namespace rockstate {
namespace {

using rocksdb::Slice;
using rocksdb::Status;

// What get and multiGet answer for "absent"; lengths are never negative.
constexpr int32_t kNoValue = -1;
// A retained value's memory is kept for the next one up to this size.
constexpr size_t kKeepBytes = size_t{1024} * 1024;

// A call's arguments: the Db behind the handle, and what the header in its call buffer says.
struct Call {
  Napi::Env env;
  DbSlot* slot;
  const CallHeader* header;
  const std::shared_ptr<ColumnFamily>* family;

  Slice Key() const { return slot->buffer.Key(*header); }
  Slice Value() const { return slot->buffer.Value(*header); }
};

DbSlot* FindSlot(const Napi::CallbackInfo& info) {
  const auto* addon = static_cast<AddonState*>(info.Data());
  const int32_t handle = info[0].As<Napi::Number>().Int32Value();
  DbSlot* slot = addon->dbs->Find(handle).get();
  if (slot == nullptr) {
    throw ClosedError(info.Env());
  }
  return slot;
}

Call ReadCall(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  DbSlot* slot = FindSlot(info);
  const CallHeader* header = slot->buffer.Header();
  if (header == nullptr) {
    throw Napi::RangeError::New(env, "The call header points outside the call buffer.");
  }
  const auto& family = slot->Family(header->column_family);
  if (family == nullptr) {
    throw UnknownFamilyError(env, header->column_family);
  }
  return {env, slot, header, &family};
}

// Null for none. It lives until JavaScript releases it.
const std::shared_ptr<Snapshot>& FindSnapshot(const Call& call) {
  static const std::shared_ptr<Snapshot> none;
  if (call.header->snapshot == 0) {
    return none;
  }
  const auto found = call.slot->snapshots.find(call.header->snapshot);
  if (found == call.slot->snapshots.end()) {
    throw CodeError(call.env, "ERR_ROCKSDB_CLOSED",
                    "The snapshot is released, or of another database.");
  }
  return found->second;
}

// Lets go of the blocks it pins, and of memory that one large value made outsized.
void DropRetained(rocksdb::PinnableSlice* retained) {
  retained->Reset();
  if (retained->GetSelf()->capacity() > kKeepBytes) {
    std::string().swap(*retained->GetSelf());
  }
}

// Puts `slot->retained` behind the value offset if it fits, and answers its length either way.
size_t DeliverRetained(const Call& call) {
  rocksdb::PinnableSlice& retained = call.slot->retained;
  const size_t length = retained.size();
  if (call.slot->buffer.StoreValue(*call.header, retained)) {
    DropRetained(&retained);
  }
  return length;
}

// Faster than a double that happens to be one.
Napi::Value ToInteger(Napi::Env env, int32_t number) {
  napi_value value = nullptr;
  napi_create_int32(env, number, &value);
  return {env, value};
}

Napi::Value Get(const Napi::CallbackInfo& info) {
  const Call call = ReadCall(info);
  rocksdb::PinnableSlice& value = call.slot->retained;
  value.Reset();
  const Snapshot* snapshot = FindSnapshot(call).get();
  const Status status = rockstate::Get(**call.family, snapshot, call.Key(), &value);
  if (status.IsNotFound()) {
    return ToInteger(call.env, kNoValue);
  }
  ThrowIfFailed(call.env, status);
  if (value.size() > kMaxValueBytes) {
    DropRetained(&value);
    throw TooLargeError(call.env, "value");
  }
  return ToInteger(call.env, static_cast<int32_t>(DeliverRetained(call)));
}

// For a value too large to be copied at once; undefined when absent.
Napi::Value OpenValue(const Napi::CallbackInfo& info) {
  const Call call = ReadCall(info);
  const Snapshot* snapshot = FindSnapshot(call).get();
  std::shared_ptr<StoredValue> value;
  ThrowIfFailed(call.env, StoredValue::Read(*call.family, snapshot, call.Key(), &value));
  if (value == nullptr) {
    return call.env.Undefined();
  }
  return ValueObject::New(call.env, *static_cast<AddonState*>(info.Data()),
                          {FindSlot(info)->shared_from_this(), std::move(value)});
}

Napi::Value OpenValueAsync(const Napi::CallbackInfo& info) {
  const Call call = ReadCall(info);
  return AsyncCall<std::shared_ptr<StoredValue>>::Start(
      call.env,
      [family = *call.family, snapshot = FindSnapshot(call),
       key = CopyFromJs(info[1].As<Napi::Uint8Array>())](std::shared_ptr<StoredValue>* value) {
        return StoredValue::Read(family, snapshot.get(), key, value);
      },
      [weak_slot = call.slot->weak_from_this()](
          Napi::Env env, std::shared_ptr<StoredValue>* value) -> Napi::Value {
        const auto slot = weak_slot.lock();
        if (slot == nullptr || slot->db == nullptr) {
          throw ClosedError(env);
        }
        if (*value == nullptr) {
          return env.Undefined();
        }
        return ValueObject::New(env, *env.GetInstanceData<AddonState>(), {slot, *value});
      });
}

Napi::Value MultiGet(const Napi::CallbackInfo& info) {
  const Call call = ReadCall(info);
  rocksdb::PinnableSlice& values = call.slot->retained;
  values.Reset();
  MultiRead get(*call.family, FindSnapshot(call), call.Key().ToString());
  size_t threads = 0;
  ThrowIfFailed(call.env, get.Prepare(&threads));
  ThrowIfFailed(call.env, get.Run(values.GetSelf()));
  values.PinSelf();
  return Napi::Number::New(call.env, static_cast<double>(DeliverRetained(call)));
}

// Fetches what did not fit the buffer, after JavaScript has attached a larger one.
Napi::Value TakeRetained(const Napi::CallbackInfo& info) {
  const Call call = ReadCall(info);
  return Napi::Number::New(call.env, static_cast<double>(DeliverRetained(call)));
}

void Put(const Napi::CallbackInfo& info) {
  const Call call = ReadCall(info);
  ThrowIfFailed(call.env, call.slot->writer.Put(**call.family, call.Key(), call.Value()));
}

void Merge(const Napi::CallbackInfo& info) {
  const Call call = ReadCall(info);
  ThrowIfFailed(call.env, call.slot->writer.Merge(**call.family, call.Key(), call.Value()));
}

void Remove(const Napi::CallbackInfo& info) {
  const Call call = ReadCall(info);
  ThrowIfFailed(call.env, call.slot->writer.Delete(**call.family, call.Key()));
}

// Fills a page with what is under the prefix in the key's place. Answers the bytes written when
// that is all, else -1 minus them: then `takeScan` has the rest.
Napi::Value ScanPrefix(const Napi::CallbackInfo& info) {
  const Call call = ReadCall(info);
  Napi::ArrayBuffer buffer = info[1].As<Napi::ArrayBuffer>();
  const size_t offset = info[2].As<Napi::Number>().Uint32Value();
  if (offset > buffer.ByteLength()) {
    throw Napi::RangeError::New(call.env, "The page is outside its buffer.");
  }
  ScanRequest request = PrefixScan(call.Key());
  request.keys_only = info[3].As<Napi::Boolean>().Value();
  auto scan = std::make_shared<Scan>(*call.family, FindSnapshot(call), std::move(request));
  int64_t filled = 0;
  ThrowIfFailed(call.env, scan->NextPage(static_cast<uint8_t*>(buffer.Data()) + offset,
                                         buffer.ByteLength() - offset, &filled));
  if (scan->ended()) {
    return Napi::Number::New(call.env, static_cast<double>(filled));
  }
  call.slot->unfinished_scan = std::move(scan);
  // Where not even one entry fitted, nothing is written.
  return Napi::Number::New(call.env, static_cast<double>(-1 - std::max<int64_t>(filled, 0)));
}

// What comes after the first page of the last `scanPrefix`.
Napi::Value TakeScan(const Napi::CallbackInfo& info) {
  DbSlot* slot = FindSlot(info);
  return ScanObject::New(info.Env(), *static_cast<AddonState*>(info.Data()),
                         {slot->shared_from_this(), std::move(slot->unfinished_scan)});
}

// Whether any key starts with the one in the call buffer.
Napi::Value HasPrefix(const Napi::CallbackInfo& info) {
  const Call call = ReadCall(info);
  ScanRequest request = PrefixScan(call.Key());
  request.keys_only = true;
  bool has_any = false;
  ThrowIfFailed(call.env,
                Scan(*call.family, FindSnapshot(call), std::move(request)).HasNext(&has_any));
  return Napi::Boolean::New(call.env, has_any);
}

rocksdb::WriteBatch ReadBatch(const Napi::CallbackInfo& info, const DbSlot& slot) {
  rocksdb::WriteBatch batch(CopyFromJs(info[1].As<Napi::Uint8Array>()));
  std::optional<uint32_t> unknown;
  const Status status = CheckBatch(batch, [&](uint32_t id) {
    const ColumnFamily* family = slot.Family(static_cast<int32_t>(id)).get();
    if (family == nullptr) {
      unknown = id;
    }
    return family;
  });
  if (unknown.has_value()) {
    throw UnknownFamilyError(info.Env(), *unknown);
  }
  ThrowIfFailed(info.Env(), status);
  return batch;
}

void Write(const Napi::CallbackInfo& info) {
  DbSlot* slot = FindSlot(info);
  rocksdb::WriteBatch batch = ReadBatch(info, *slot);
  ThrowIfFailed(info.Env(), rockstate::Write(slot->db.get(), &batch));
}

struct Found {
  bool present = false;
  std::string value;
};

Napi::Value GetAsync(const Napi::CallbackInfo& info) {
  const Call call = ReadCall(info);
  return AsyncCall<Found>::Start(
      call.env,
      [family = *call.family, snapshot = FindSnapshot(call),
       key = call.Key().ToString()](Found* found) {
        rocksdb::PinnableSlice value(&found->value);
        Status status = rockstate::Get(*family, snapshot.get(), key, &value);
        if (status.IsNotFound()) {
          return Status::OK();
        }
        found->present = status.ok();
        if (value.IsPinned()) {
          found->value.assign(value.data(), value.size());
        }
        return status;
      },
      [](Napi::Env env, Found* found) -> Napi::Value {
        if (found->value.size() > kMaxValueBytes) {
          throw TooLargeError(env, "value");
        }
        return found->present ? Napi::Value(CopyToJs(env, found->value)) : env.Undefined();
      });
}

// The keys come in an array of their own, so that many of them do not disturb a key in the call
// buffer.
Napi::Value MultiGetAsync(const Napi::CallbackInfo& info) {
  const Call call = ReadCall(info);
  const auto get = std::make_shared<MultiRead>(*call.family, FindSnapshot(call),
                                               CopyFromJs(info[1].As<Napi::Uint8Array>()));
  size_t threads = 0;
  ThrowIfFailed(call.env, get->Prepare(&threads));
  const Napi::Promise values = AsyncCall<std::string>::Start(
      call.env, [get](std::string* packed_values) { return get->Run(packed_values); },
      [](Napi::Env env, std::string* packed_values) { return CopyToJs(env, *packed_values); });
  for (size_t helper = 1; helper < threads; ++helper) {
    RunAsync(call.env, [get] {
      get->Help();
      return Status::OK();
    });
  }
  return values;
}

Napi::Value PutAsync(const Napi::CallbackInfo& info) {
  const Call call = ReadCall(info);
  return RunAsync(
      call.env, [family = *call.family, key = call.Key().ToString(),
                 value = call.Value().ToString()] { return rockstate::Put(*family, key, value); });
}

Napi::Value MergeAsync(const Napi::CallbackInfo& info) {
  const Call call = ReadCall(info);
  return RunAsync(call.env, [family = *call.family, key = call.Key().ToString(),
                             operand = call.Value().ToString()] {
    return rockstate::Merge(*family, key, operand);
  });
}

Napi::Value RemoveAsync(const Napi::CallbackInfo& info) {
  const Call call = ReadCall(info);
  return RunAsync(call.env, [family = *call.family, key = call.Key().ToString()] {
    return rockstate::Delete(*family, key);
  });
}

Napi::Value WriteAsync(const Napi::CallbackInfo& info) {
  DbSlot* slot = FindSlot(info);
  return RunAsync(info.Env(), [db = slot->db, batch = ReadBatch(info, *slot)]() mutable {
    return rockstate::Write(db.get(), &batch);
  });
}

}  // namespace

void ExportHotCalls(Napi::Env env, AddonState* addon, Napi::Object exports) {
  const auto add = [&](const char* name, const Napi::Function& function) {
    exports.Set(name, function);
  };
  add("get", Napi::Function::New<Get>(env, "get", addon));
  add("multiGet", Napi::Function::New<MultiGet>(env, "multiGet", addon));
  add("takeRetained", Napi::Function::New<TakeRetained>(env, "takeRetained", addon));
  add("openValue", Napi::Function::New<OpenValue>(env, "openValue", addon));
  add("openValueAsync", Napi::Function::New<OpenValueAsync>(env, "openValueAsync", addon));
  add("put", Napi::Function::New<Put>(env, "put", addon));
  add("merge", Napi::Function::New<Merge>(env, "merge", addon));
  add("remove", Napi::Function::New<Remove>(env, "remove", addon));
  add("scanPrefix", Napi::Function::New<ScanPrefix>(env, "scanPrefix", addon));
  add("takeScan", Napi::Function::New<TakeScan>(env, "takeScan", addon));
  add("hasPrefix", Napi::Function::New<HasPrefix>(env, "hasPrefix", addon));
  add("write", Napi::Function::New<Write>(env, "write", addon));
  add("getAsync", Napi::Function::New<GetAsync>(env, "getAsync", addon));
  add("multiGetAsync", Napi::Function::New<MultiGetAsync>(env, "multiGetAsync", addon));
  add("putAsync", Napi::Function::New<PutAsync>(env, "putAsync", addon));
  add("mergeAsync", Napi::Function::New<MergeAsync>(env, "mergeAsync", addon));
  add("removeAsync", Napi::Function::New<RemoveAsync>(env, "removeAsync", addon));
  add("writeAsync", Napi::Function::New<WriteAsync>(env, "writeAsync", addon));
}

}  // namespace rockstate
