// JavaScript's hold on an open Db, and everything that is not a point call. Slow work runs on a
// worker.
#pragma once

#include <memory>

#include "addon_state.h"
#include "db_slot.h"
#include "napi.h"

namespace rockstate {

class DbObject : public Napi::ObjectWrap<DbObject> {
 public:
  static Napi::Function Define(Napi::Env env);
  // openDb(request): Promise<NativeDb>
  static Napi::Value Open(const Napi::CallbackInfo& info);
  // listColumnFamilies(path): Promise<string[]>
  static Napi::Value ListColumnFamilies(const Napi::CallbackInfo& info);

  // Only through Open: its argument is an External.
  explicit DbObject(const Napi::CallbackInfo& info);
  ~DbObject() override;

 private:
  Napi::Value Handle(const Napi::CallbackInfo& info);
  void AttachBuffer(const Napi::CallbackInfo& info);
  Napi::Value ColumnFamilies(const Napi::CallbackInfo& info);
  Napi::Value CreateColumnFamily(const Napi::CallbackInfo& info);
  Napi::Value CreateColumnFamilySync(const Napi::CallbackInfo& info);
  Napi::Value DropColumnFamily(const Napi::CallbackInfo& info);
  Napi::Value OpenScan(const Napi::CallbackInfo& info);
  Napi::Value TakeSnapshot(const Napi::CallbackInfo& info);
  Napi::Value Flush(const Napi::CallbackInfo& info);
  Napi::Value CompactRange(const Napi::CallbackInfo& info);
  Napi::Value CompactFiles(const Napi::CallbackInfo& info);
  Napi::Value DeleteFilesInRange(const Napi::CallbackInfo& info);
  Napi::Value Property(const Napi::CallbackInfo& info);
  Napi::Value MapProperty(const Napi::CallbackInfo& info);
  Napi::Value ReadMetrics(const Napi::CallbackInfo& info);
  Napi::Value LiveFiles(const Napi::CallbackInfo& info);
  Napi::Value CreateCheckpoint(const Napi::CallbackInfo& info);
  Napi::Value IngestFiles(const Napi::CallbackInfo& info);
  Napi::Value CopyRange(const Napi::CallbackInfo& info);
  Napi::Value CopyRangeSync(const Napi::CallbackInfo& info);
  Napi::Value ExportColumnFamily(const Napi::CallbackInfo& info);
  Napi::Value ImportColumnFamily(const Napi::CallbackInfo& info);
  Napi::Value RewriteRows(const Napi::CallbackInfo& info);
  Napi::Value RewriteRowsSync(const Napi::CallbackInfo& info);
  void SetTtl(const Napi::CallbackInfo& info);
  void SetTtlTime(const Napi::CallbackInfo& info);
  Napi::Value SetColumnFamilyOptions(const Napi::CallbackInfo& info);
  Napi::Value WriteKeyGroups(const Napi::CallbackInfo& info);
  Napi::Value ReadKeyGroups(const Napi::CallbackInfo& info);
  Napi::Value Resume(const Napi::CallbackInfo& info);
  Napi::Value Close(const Napi::CallbackInfo& info);

  // Throws when the Db is closed.
  const std::shared_ptr<DbSlot>& OpenSlot(Napi::Env env) const;
  // The same of another Db of this environment.
  const std::shared_ptr<DbSlot>& OpenSlot(Napi::Env env, int32_t handle) const;
  // Takes the Db out of the table: no new work from then on. Null when that was done before.
  std::shared_ptr<DbSlot> RemoveSlot();
  // Throws when there is no family with the number in `value`.
  std::shared_ptr<ColumnFamily> FindFamily(const Napi::Value& value) const;

  // Throws when there is no snapshot with the number in `value`.
  std::shared_ptr<Snapshot> FindSnapshot(const Napi::Value& value) const;

  std::shared_ptr<DbTable> table_;
  int32_t handle_ = -1;
};

}  // namespace rockstate
