#include "rewrite_rows.h"

#include <algorithm>
#include <functional>

#include "list_merge.h"
#include "point.h"
#include "rocksdb/write_batch.h"
#include "row_files.h"
#include "source_rows.h"

namespace rockstate {
namespace {

using rocksdb::Slice;
using rocksdb::Status;
using Rows = RowsToRewrite::Rows;

// New files lie above the old ones, so that writes wait for compactions where there are very many;
// and a file's filter is kept in memory until it is finished, so that it may not be too large.
constexpr uint64_t kMaxFileBytes = uint64_t{512} << 20;
constexpr uint64_t kWantedFiles = 8;

Status ApplyToList(const LayoutChange& change, Slice list, std::string* written) {
  Status status;
  while (status.ok() && !list.empty()) {
    status = change.Apply(&list, written);
    if (!status.ok() || list.empty()) {
      break;
    }
    if (list[0] != kListDelimiter) {
      return Status::Corruption("there is no delimiter behind an element");
    }
    list.remove_prefix(1);
    written->push_back(kListDelimiter);
    if (list.empty()) {
      return Status::Corruption("there is no element behind a delimiter");
    }
  }
  return status;
}

Status ApplyToValue(const LayoutChange& change, Slice value, std::string* written) {
  Status status = change.Apply(&value, written);
  return status.ok() && !value.empty()
             ? Status::Corruption(std::to_string(value.size()) + " bytes are left behind it")
             : status;
}

Status ApplyToMapValue(const LayoutChange& change, Slice value, std::string* written) {
  bool is_null = false;
  const Slice whole = value;
  if (!TakeNullFlag(&value, &is_null)) {
    return Status::Corruption("there is no flag that says whether it is null");
  }
  if (is_null) {
    written->assign(whole.data(), whole.size());
    return Status::OK();
  }
  written->push_back(0);
  return ApplyToValue(change, value, written);
}

Status Failed(const ColumnFamily& family, const Slice& key, const Status& why) {
  const std::string what =
      "the row of '" + family.name() + "' with key " + key.ToString(true) + " can not be rewritten";
  return why.IsCorruption() ? Status::Corruption(what, why.getState())
                            : Status::InvalidArgument(what, why.getState());
}

// Walks over the rows, each changed.
class RewrittenRows {
 public:
  using Take = std::function<Status(const Slice& key, const Slice& value)>;

  RewrittenRows(const std::shared_ptr<ColumnFamily>& family, const RowsToRewrite& request,
                TaskState* state)
      : family_(*family), request_(request), state_(state), source_(family, KeyRange()) {}

  Status ForEach(const Take& take, uint64_t* rows) const {
    *rows = 0;
    std::string written;
    return source_.ForEach(
        [&](const Slice& key, const Slice& value) {
          if (state_->cancelled) {
            return CancelledStatus();
          }
          written.clear();
          Status status = Rewrite(value, &written);
          if (!status.ok()) {
            return Failed(family_, key, status);
          }
          ++*rows;
          // The second walk, for files, begins anew.
          if (*rows > state_->rows) {
            state_->rows = *rows;
          }
          return take(key, written);
        },
        [&](const Slice& key, const Slice& /*piece*/) {
          return Failed(family_, key,
                        Status::InvalidArgument("the list is longer than " +
                                                std::to_string(kMaxStoredJoinBytes) + " bytes"));
        });
  }

 private:
  Status Rewrite(const Slice& value, std::string* written) const {
    switch (request_.rows) {
      case Rows::kList:
        return ApplyToList(request_.change, value, written);
      case Rows::kMap:
        return ApplyToMapValue(request_.change, value, written);
      case Rows::kValue:
        break;
    }
    return ApplyToValue(request_.change, value, written);
  }

  const ColumnFamily& family_;
  const RowsToRewrite& request_;
  TaskState* state_;
  SourceRows source_;
};

// `fits` tells whether that was all; else nothing was written.
Status RewriteAsBatch(const RewrittenRows& rewritten, const ColumnFamily& family,
                      uint64_t max_bytes, bool* fits, uint64_t* rows) {
  rocksdb::WriteBatch batch;
  *fits = true;
  const Status status = rewritten.ForEach(
      [&](const Slice& key, const Slice& value) {
        const Status put = batch.Put(family.handle(), key, value);
        *fits = batch.GetDataSize() <= max_bytes;
        return *fits ? put : Status::Aborted();
      },
      rows);
  if (!*fits) {
    return Status::OK();
  }
  return status.ok() && batch.Count() > 0 ? Write(family.db().get(), &batch) : status;
}

Status RewriteAsFiles(const RewrittenRows& rewritten, const ColumnFamily& family,
                      const std::string& directory, uint64_t* rows) {
  uint64_t live_bytes = 0;
  family.db()->rocks()->GetIntProperty(family.handle(), "rocksdb.estimate-live-data-size",
                                       &live_bytes);
  const uint64_t own_bytes =
      family.db()->rocks()->GetOptions(family.handle()).target_file_size_base;
  const uint64_t wanted = std::min(live_bytes / kWantedFiles, kMaxFileBytes);
  RowFiles files(family, directory, std::max(own_bytes, wanted));
  Status status = files.Open();
  if (status.ok()) {
    status = rewritten.ForEach(
        [&](const Slice& key, const Slice& value) { return files.Put(key, value); }, rows);
  }
  return status.ok() ? files.Ingest() : status;
}

}  // namespace

RestPlace RestPlaceIn(Rows rows) {
  return rows == Rows::kList ? RestPlace::kNowhere : RestPlace::kAtEnd;
}

Status RewriteRows(const std::shared_ptr<ColumnFamily>& family, const RowsToRewrite& request,
                   TaskState* state, uint64_t* rows) {
  const RewrittenRows rewritten(family, request, state);
  bool fits = false;
  Status status = RewriteAsBatch(rewritten, *family, request.max_batch_bytes, &fits, rows);
  return !status.ok() || fits ? status
                              : RewriteAsFiles(rewritten, *family, request.directory, rows);
}

}  // namespace rockstate
