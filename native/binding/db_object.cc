#include "db_object.h"

#include <string>
#include <utility>
#include <vector>

#include "arguments.h"
#include "checkpoint.h"
#include "run_async.h"
#include "scan_object.h"
#include "snapshot_object.h"
#include "throw_status.h"

namespace rockstate {
namespace {

using rocksdb::Status;

// What an idle open Db holds beside caches and memtables, roughly. Tells V8 that dropping one is
// worth it.
constexpr int64_t kDbBytes = int64_t{1024} * 1024;

const AddonState& Addon(Napi::Env env) { return *env.GetInstanceData<AddonState>(); }

Napi::Object DescribeFamily(Napi::Env env, const ColumnFamily& family) {
  Napi::Object description = Napi::Object::New(env);
  description.Set("name", family.name());
  description.Set("number", family.id());
  return description;
}

// Every reference that the JS thread has to a Db. Handed to a worker, so that the closing happens
// there.
struct Owners {
  std::shared_ptr<Db> db;
  std::vector<std::shared_ptr<ColumnFamily>> families;
  std::unordered_map<int32_t, std::shared_ptr<Snapshot>> snapshots;
};

Owners TakeOwners(DbSlot* slot) {
  // Closing a child takes it out of the set.
  while (!slot->children.empty()) {
    (*slot->children.begin())->Close();
  }
  slot->retained.Reset();
  slot->unfinished_scan.reset();
  slot->buffer.Detach();
  return {std::move(slot->db), std::move(slot->families), std::move(slot->snapshots)};
}

using Family = std::shared_ptr<ColumnFamily>;

// Throws when there is no family with the number in `value`.
const Family& FamilyOf(const DbSlot& slot, const Napi::Value& value) {
  const int32_t number = value.As<Napi::Number>().Int32Value();
  const Family& family = slot.Family(number);
  if (family == nullptr) {
    throw UnknownFamilyError(value.Env(), number);
  }
  return family;
}

// Makes a new family known to the JS thread, and answers its number.
AsyncCall<Family>::Settle AddFamilyTo(const std::shared_ptr<DbSlot>& slot) {
  return [weak_slot = std::weak_ptr<DbSlot>(slot)](Napi::Env env, Family* family) -> Napi::Value {
    const auto open_slot = weak_slot.lock();
    if (open_slot == nullptr) {
      throw ClosedError(env);
    }
    open_slot->AddFamily(*family);
    return Napi::Number::New(env, (*family)->id());
  };
}

}  // namespace

Napi::Function DbObject::Define(Napi::Env env) {
  return DefineClass(env, "NativeDb",
                     {InstanceAccessor<&DbObject::Handle>("handle"),
                      InstanceMethod<&DbObject::AttachBuffer>("attachBuffer"),
                      InstanceMethod<&DbObject::ColumnFamilies>("columnFamilies"),
                      InstanceMethod<&DbObject::CreateColumnFamily>("createColumnFamily"),
                      InstanceMethod<&DbObject::CreateColumnFamilySync>("createColumnFamilySync"),
                      InstanceMethod<&DbObject::DropColumnFamily>("dropColumnFamily"),
                      InstanceMethod<&DbObject::OpenScan>("openScan"),
                      InstanceMethod<&DbObject::TakeSnapshot>("takeSnapshot"),
                      InstanceMethod<&DbObject::Flush>("flush"),
                      InstanceMethod<&DbObject::CompactRange>("compactRange"),
                      InstanceMethod<&DbObject::CompactFiles>("compactFiles"),
                      InstanceMethod<&DbObject::DeleteFilesInRange>("deleteFilesInRange"),
                      InstanceMethod<&DbObject::Property>("property"),
                      InstanceMethod<&DbObject::MapProperty>("mapProperty"),
                      InstanceMethod<&DbObject::ReadMetrics>("readMetrics"),
                      InstanceMethod<&DbObject::LiveFiles>("liveFiles"),
                      InstanceMethod<&DbObject::CreateCheckpoint>("createCheckpoint"),
                      InstanceMethod<&DbObject::IngestFiles>("ingestFiles"),
                      InstanceMethod<&DbObject::CopyRange>("copyRange"),
                      InstanceMethod<&DbObject::CopyRangeSync>("copyRangeSync"),
                      InstanceMethod<&DbObject::ExportColumnFamily>("exportColumnFamily"),
                      InstanceMethod<&DbObject::ImportColumnFamily>("importColumnFamily"),
                      InstanceMethod<&DbObject::RewriteRows>("rewriteRows"),
                      InstanceMethod<&DbObject::RewriteRowsSync>("rewriteRowsSync"),
                      InstanceMethod<&DbObject::SetTtl>("setTtl"),
                      InstanceMethod<&DbObject::SetTtlTime>("setTtlTime"),
                      InstanceMethod<&DbObject::SetColumnFamilyOptions>("setColumnFamilyOptions"),
                      InstanceMethod<&DbObject::WriteKeyGroups>("writeKeyGroups"),
                      InstanceMethod<&DbObject::ReadKeyGroups>("readKeyGroups"),
                      InstanceMethod<&DbObject::Resume>("resume"),
                      InstanceMethod<&DbObject::Close>("close")});
}

Napi::Value DbObject::Open(const Napi::CallbackInfo& info) {
  return AsyncCall<OpenedDb>::Start(
      info.Env(),
      [request = ReadOpenRequest(info[0].As<Napi::Object>())](OpenedDb* opened) {
        return Db::Open(request, opened);
      },
      [](Napi::Env env, OpenedDb* opened) {
        return Addon(env).db_class.New({Napi::External<OpenedDb>::New(env, opened)});
      });
}

Napi::Value DbObject::ListColumnFamilies(const Napi::CallbackInfo& info) {
  return AsyncCall<std::vector<std::string>>::Start(
      info.Env(),
      [path = info[0].As<Napi::String>().Utf8Value()](std::vector<std::string>* names) {
        return Db::ListColumnFamilies(path, names);
      },
      [](Napi::Env env, std::vector<std::string>* names) {
        Napi::Array array = Napi::Array::New(env, names->size());
        for (uint32_t i = 0; i < names->size(); ++i) {
          array.Set(i, (*names)[i]);
        }
        return array;
      });
}

DbObject::DbObject(const Napi::CallbackInfo& info) : Napi::ObjectWrap<DbObject>(info) {
  OpenedDb& opened = *info[0].As<Napi::External<OpenedDb>>().Data();
  auto slot = std::make_shared<DbSlot>();
  slot->db = std::move(opened.db);
  for (const auto& family : opened.column_families) {
    slot->AddFamily(family);
  }
  opened.column_families.clear();
  table_ = Addon(info.Env()).dbs;
  handle_ = table_->Add(std::move(slot));
  Napi::MemoryManagement::AdjustExternalMemory(info.Env(), kDbBytes);
}

DbObject::~DbObject() {
  // Garbage that nobody closed: the Db closes here, unless a worker or a scan still needs it.
  RemoveSlot();
}

std::shared_ptr<DbSlot> DbObject::RemoveSlot() {
  auto slot = table_->Remove(handle_);
  if (slot != nullptr) {
    Napi::MemoryManagement::AdjustExternalMemory(Env(), -kDbBytes);
  }
  return slot;
}

const std::shared_ptr<DbSlot>& DbObject::OpenSlot(Napi::Env env) const {
  return OpenSlot(env, handle_);
}

const std::shared_ptr<DbSlot>& DbObject::OpenSlot(Napi::Env env, int32_t handle) const {
  const auto& slot = table_->Find(handle);
  if (slot == nullptr) {
    throw ClosedError(env);
  }
  return slot;
}

std::shared_ptr<ColumnFamily> DbObject::FindFamily(const Napi::Value& value) const {
  return FamilyOf(*OpenSlot(value.Env()), value);
}

std::shared_ptr<Snapshot> DbObject::FindSnapshot(const Napi::Value& value) const {
  const auto& snapshots = OpenSlot(value.Env())->snapshots;
  const auto found = snapshots.find(value.As<Napi::Number>().Int32Value());
  if (found == snapshots.end()) {
    throw CodeError(value.Env(), "ERR_ROCKSDB_CLOSED",
                    "The snapshot is released, or of another database.");
  }
  return found->second;
}

Napi::Value DbObject::Handle(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), handle_);
}

void DbObject::AttachBuffer(const Napi::CallbackInfo& info) {
  OpenSlot(info.Env())->buffer.Attach(info[0].As<Napi::ArrayBuffer>());
}

Napi::Value DbObject::ColumnFamilies(const Napi::CallbackInfo& info) {
  Napi::Array array = Napi::Array::New(info.Env());
  for (const auto& family : OpenSlot(info.Env())->families) {
    if (family != nullptr) {
      array.Set(array.Length(), DescribeFamily(info.Env(), *family));
    }
  }
  return array;
}

Napi::Value DbObject::CreateColumnFamily(const Napi::CallbackInfo& info) {
  const auto& slot = OpenSlot(info.Env());
  return AsyncCall<Family>::Start(
      info.Env(),
      [db = slot->db, request = ReadColumnFamilyRequest(info[0].As<Napi::Object>())](
          Family* family) { return db->CreateColumnFamily(request, family); },
      AddFamilyTo(slot));
}

Napi::Value DbObject::CreateColumnFamilySync(const Napi::CallbackInfo& info) {
  const auto& slot = OpenSlot(info.Env());
  std::shared_ptr<ColumnFamily> family;
  ThrowIfFailed(info.Env(), slot->db->CreateColumnFamily(
                                ReadColumnFamilyRequest(info[0].As<Napi::Object>()), &family));
  slot->AddFamily(family);
  return Napi::Number::New(info.Env(), family->id());
}

Napi::Value DbObject::DropColumnFamily(const Napi::CallbackInfo& info) {
  const auto& slot = OpenSlot(info.Env());
  Family family = FindFamily(info[0]);
  // New calls must not find the family from now on, unless dropping it fails.
  slot->families[family->id()] = nullptr;
  const auto undropped = std::make_shared<Family>();
  return AsyncCall<Nothing>::Start(
      info.Env(),
      [family = std::move(family), undropped](Nothing*) {
        Status status = family->db()->DropColumnFamily(*family);
        if (!status.ok()) {
          *undropped = family;
        }
        return status;
      },
      [](Napi::Env env, Nothing*) { return env.Undefined(); },
      [undropped, weak_slot = std::weak_ptr<DbSlot>(slot)] {
        const auto open_slot = weak_slot.lock();
        if (open_slot != nullptr && *undropped != nullptr) {
          open_slot->AddFamily(*undropped);
        }
      });
}

Napi::Value DbObject::OpenScan(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const auto& slot = OpenSlot(env);
  std::shared_ptr<Snapshot> snapshot;
  if (info[2].As<Napi::Number>().Int32Value() != 0) {
    snapshot = FindSnapshot(info[2]);
  }
  auto scan = std::make_shared<Scan>(FindFamily(info[0]), std::move(snapshot),
                                     ReadScanRequest(info[1].As<Napi::Object>()));
  return ScanObject::New(env, Addon(env), {slot, std::move(scan)});
}

Napi::Value DbObject::TakeSnapshot(const Napi::CallbackInfo& info) {
  return SnapshotObject::New(info.Env(), Addon(info.Env()), OpenSlot(info.Env()));
}

Napi::Value DbObject::Flush(const Napi::CallbackInfo& info) {
  const auto& slot = OpenSlot(info.Env());
  return RunAsync(info.Env(), [db = slot->db, families = slot->families] {
    return rockstate::Flush(db.get(), families);
  });
}

Napi::Value DbObject::CompactRange(const Napi::CallbackInfo& info) {
  return RunAsync(info.Env(),
                  [family = FindFamily(info[0]), range = ReadKeyRange(info[1].As<Napi::Object>())] {
                    return rockstate::CompactRange(*family, range);
                  });
}

Napi::Value DbObject::CompactFiles(const Napi::CallbackInfo& info) {
  return RunAsync(info.Env(), [family = FindFamily(info[0]),
                               compaction = ReadFileCompaction(info[1].As<Napi::Object>())] {
    return rockstate::CompactFiles(*family, compaction);
  });
}

Napi::Value DbObject::DeleteFilesInRange(const Napi::CallbackInfo& info) {
  return RunAsync(info.Env(),
                  [family = FindFamily(info[0]), range = ReadKeyRange(info[1].As<Napi::Object>())] {
                    return rockstate::DeleteFilesInRange(*family, range);
                  });
}

Napi::Value DbObject::CreateCheckpoint(const Napi::CallbackInfo& info) {
  return RunAsync(info.Env(), [db = OpenSlot(info.Env())->db,
                               directory = info[0].As<Napi::String>().Utf8Value()] {
    return rockstate::CreateCheckpoint(db.get(), directory);
  });
}

Napi::Value DbObject::IngestFiles(const Napi::CallbackInfo& info) {
  return RunAsync(info.Env(), [family = FindFamily(info[0]),
                               request = ReadIngestRequest(info[1].As<Napi::Object>())] {
    return rockstate::IngestFiles(*family, request);
  });
}

Napi::Value DbObject::CopyRange(const Napi::CallbackInfo& info) {
  const Napi::Object object = info[1].As<Napi::Object>();
  const int32_t source = object.Get("from").As<Napi::Number>().Int32Value();
  return RunAsync(
      info.Env(),
      [to = FindFamily(info[0]),
       from = FamilyOf(*OpenSlot(info.Env(), source), object.Get("fromColumnFamily")),
       request = ReadCopyRequest(object)] { return rockstate::CopyRange(from, *to, request); });
}

Napi::Value DbObject::CopyRangeSync(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const Napi::Object object = info[1].As<Napi::Object>();
  const int32_t source = object.Get("from").As<Napi::Number>().Int32Value();
  const Family to = FindFamily(info[0]);
  const Family from = FamilyOf(*OpenSlot(env, source), object.Get("fromColumnFamily"));
  ThrowIfFailed(env, rockstate::CopyRange(from, *to, ReadCopyRequest(object)));
  return env.Undefined();
}

Napi::Value DbObject::ExportColumnFamily(const Napi::CallbackInfo& info) {
  return AsyncCall<ExportedFiles>::Start(
      info.Env(),
      [family = FindFamily(info[0]),
       directory = info[1].As<Napi::String>().Utf8Value()](ExportedFiles* files) {
        return rockstate::ExportColumnFamily(*family, directory, files);
      },
      [](Napi::Env env, ExportedFiles* files) {
        return Napi::External<ExportedFiles>::New(
            env, new ExportedFiles(*files),
            [](Napi::Env /*env*/, ExportedFiles* exported) { delete exported; });
      });
}

Napi::Value DbObject::ImportColumnFamily(const Napi::CallbackInfo& info) {
  const auto& slot = OpenSlot(info.Env());
  return AsyncCall<Family>::Start(
      info.Env(),
      [db = slot->db, request = ReadImportRequest(info[0].As<Napi::Object>())](Family* family) {
        return rockstate::ImportColumnFamily(db.get(), request, family);
      },
      AddFamilyTo(slot));
}

Napi::Value DbObject::Resume(const Napi::CallbackInfo& info) {
  return RunAsync(info.Env(),
                  [db = OpenSlot(info.Env())->db] { return rockstate::Resume(db.get()); });
}

Napi::Value DbObject::Close(const Napi::CallbackInfo& info) {
  const auto closed = OpenSlot(info.Env())->db->closed();
  const auto slot = RemoveSlot();
  auto owners = std::make_shared<Owners>(TakeOwners(slot.get()));
  return RunAsync(info.Env(), [owners = std::move(owners), closed] {
    const Status flushed = FlushUnlogged(owners->db.get(), owners->families);
    *owners = Owners();
    // Work that was queued before this is running on other workers; the last to end closes the
    // database.
    const Status& status = closed.get();
    return flushed.ok() ? status : flushed;
  });
}

}  // namespace rockstate
