#include "copy_range.h"

#include "list_merge.h"
#include "point.h"
#include "rocksdb/write_batch.h"
#include "row_files.h"
#include "source_rows.h"

namespace rockstate {
namespace {

using rocksdb::Slice;
using rocksdb::Status;

// `fits` tells whether that was all; else nothing was written.
Status CopyAsBatch(const SourceRows& rows, const ColumnFamily& to, uint64_t max_bytes, bool* fits) {
  rocksdb::WriteBatch batch;
  *fits = true;
  const Status status = rows.ForEach(
      [&](const Slice& key, const Slice& value) {
        const Status put = batch.Put(to.handle(), key, value);
        *fits = batch.GetDataSize() <= max_bytes;
        return *fits ? put : Status::Aborted();
      },
      nullptr);
  *fits = *fits && !IsListTooLong(status);
  if (!*fits) {
    return Status::OK();
  }
  return status.ok() && batch.Count() > 0 ? Write(to.db().get(), &batch) : status;
}

Status CopyAsFiles(const SourceRows& rows, const ColumnFamily& to, const std::string& directory) {
  RowFiles files(to, directory);
  Status status = files.Open();
  if (status.ok()) {
    status =
        rows.ForEach([&](const Slice& key, const Slice& value) { return files.Put(key, value); },
                     // A file of a writer has only one entry of a key.
                     [&](const Slice& key, const Slice& piece) { return Merge(to, key, piece); });
  }
  return status.ok() ? files.Ingest() : status;
}

}  // namespace

Status CopyRange(const std::shared_ptr<ColumnFamily>& from, const ColumnFamily& to,
                 const CopyRequest& request) {
  const SourceRows rows(from, request.range);
  bool fits = false;
  Status status = CopyAsBatch(rows, to, request.max_batch_bytes, &fits);
  return !status.ok() || fits ? status : CopyAsFiles(rows, to, request.directory);
}

}  // namespace rockstate
