#include "copy_range.h"

#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "ingest.h"
#include "list_merge.h"
#include "point.h"
#include "rocksdb/env.h"
#include "rocksdb/iterator.h"
#include "rocksdb/sst_file_writer.h"
#include "rocksdb/write_batch.h"
#include "stored_value.h"

namespace rockstate {
namespace {

using rocksdb::Slice;
using rocksdb::Status;

// Read ahead of the iterator: every block is read, once.
constexpr size_t kReadaheadBytes = size_t{2} * 1024 * 1024;

// The rows of a range in their order, as of one snapshot.
class SourceRows {
 public:
  using Take = std::function<Status(const Slice& key, const Slice& value)>;

  SourceRows(std::shared_ptr<ColumnFamily> family, const KeyRange& range)
      : family_(std::move(family)), snapshot_(family_->db()) {
    options_ = snapshot_.read_options();
    options_.fill_cache = false;
    options_.total_order_seek = true;
    options_.readahead_size = kReadaheadBytes;
    if (range.lower.has_value()) {
      lower_ = *range.lower;
      options_.iterate_lower_bound = &lower_;
    }
    if (range.upper.has_value()) {
      upper_ = *range.upper;
      options_.iterate_upper_bound = &upper_;
    }
  }

  // Hands on every row until one is not taken. Lists that are too long to be joined go to
  // `take_piece`, piece by piece; without it they are not read, and end the walk.
  Status ForEach(const Take& take, const Take& take_piece) const {
    std::optional<std::string> last;
    for (;;) {
      Status status = ForEachJoined(take, &last);
      if (!IsListTooLong(status) || take_piece == nullptr) {
        return status;
      }
      // The iterator does not say which key it failed at.
      status = ReadKeyBehind(&last);
      if (status.ok()) {
        status = ForEachPiece(*last, take_piece);
      }
      if (!status.ok()) {
        return status;
      }
    }
  }

 private:
  // From behind `last`, which becomes the last key that was taken, or from the beginning.
  Status ForEachJoined(const Take& take, std::optional<std::string>* last) const {
    const MergeScope scope(MergePurpose::kStore);
    const auto iterator = Behind(*last);
    Status status;
    for (; status.ok() && iterator->Valid(); iterator->Next()) {
      const Slice key = iterator->key();
      status = take(key, iterator->value());
      if (!last->has_value()) {
        last->emplace();
      }
      (*last)->assign(key.data(), key.size());
    }
    return status.ok() ? iterator->status() : status;
  }

  Status ReadKeyBehind(std::optional<std::string>* last) const {
    const MergeScope scope(MergePurpose::kReadKey);
    const auto iterator = Behind(*last);
    if (iterator->Valid()) {
      *last = iterator->key().ToString();
      return Status::OK();
    }
    return iterator->status().ok() ? Status::Corruption("a row is gone while it is copied")
                                   : iterator->status();
  }

  Status ForEachPiece(const Slice& key, const Take& take_piece) const {
    std::shared_ptr<StoredValue> value;
    Status status = StoredValue::Read(family_, &snapshot_, key, &value);
    if (status.ok() && value != nullptr) {
      for (const rocksdb::PinnableSlice& piece : value->pieces()) {
        status = take_piece(key, piece);
        if (!status.ok()) {
          break;
        }
      }
    }
    return status;
  }

  std::unique_ptr<rocksdb::Iterator> Behind(const std::optional<std::string>& last) const {
    std::unique_ptr<rocksdb::Iterator> iterator(
        family_->db()->rocks()->NewIterator(options_, family_->handle()));
    if (last.has_value()) {
      // The first key that can come behind it.
      iterator->Seek(*last + '\0');
    } else {
      iterator->SeekToFirst();
    }
    return iterator;
  }

  std::shared_ptr<ColumnFamily> family_;
  Snapshot snapshot_;
  rocksdb::ReadOptions options_;
  Slice lower_;
  Slice upper_;
};

// Writes rows, in their order, to files as the family's own: of its size, compression and filters.
class FileSink {
 public:
  FileSink(const ColumnFamily& family, std::string directory)
      : options_(family.db()->rocks()->GetOptions(family.handle())),
        family_(family.handle()),
        directory_(std::move(directory)) {}

  Status Put(const Slice& key, const Slice& value) {
    Status status;
    if (writer_ == nullptr) {
      files_.push_back(directory_ + "/" + std::to_string(files_.size()) + ".sst");
      // What was copied is read soon: let it stay in the system's page cache.
      constexpr bool kInvalidatePageCache = false;
      writer_ = std::make_unique<rocksdb::SstFileWriter>(rocksdb::EnvOptions(options_), options_,
                                                         family_, kInvalidatePageCache);
      status = writer_->Open(files_.back());
    }
    if (status.ok()) {
      status = writer_->Put(key, value);
    }
    return status.ok() && writer_->FileSize() >= options_.target_file_size_base ? Finish() : status;
  }

  Status Finish() {
    const auto writer = std::move(writer_);
    return writer == nullptr ? Status::OK() : writer->Finish();
  }

  const std::vector<std::string>& files() const { return files_; }

 private:
  rocksdb::Options options_;
  rocksdb::ColumnFamilyHandle* family_;
  std::string directory_;
  std::vector<std::string> files_;
  std::unique_ptr<rocksdb::SstFileWriter> writer_;
};

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
  FileSink sink(to, directory);
  Status status =
      rows.ForEach([&](const Slice& key, const Slice& value) { return sink.Put(key, value); },
                   // A file of a writer has only one entry of a key.
                   [&](const Slice& key, const Slice& piece) { return Merge(to, key, piece); });
  if (status.ok()) {
    status = sink.Finish();
  }
  if (!status.ok() || sink.files().empty()) {
    return status;
  }
  IngestRequest ingest;
  ingest.files = sink.files();
  ingest.move_files = true;
  return IngestFiles(to, ingest);
}

// Removes a directory of files; what can't be removed is the caller's.
void RemoveDirectory(rocksdb::Env* env, const std::string& directory) {
  std::vector<std::string> names;
  env->GetChildren(directory, &names).PermitUncheckedError();
  for (const std::string& name : names) {
    std::string path = directory;
    path.append("/").append(name);
    env->DeleteFile(path).PermitUncheckedError();
  }
  env->DeleteDir(directory).PermitUncheckedError();
}

}  // namespace

Status CopyRange(const std::shared_ptr<ColumnFamily>& from, const ColumnFamily& to,
                 const CopyRequest& request) {
  const SourceRows rows(from, request.range);
  bool fits = false;
  Status status = CopyAsBatch(rows, to, request.max_batch_bytes, &fits);
  if (!status.ok() || fits) {
    return status;
  }
  rocksdb::Env* env = to.db()->rocks()->GetEnv();
  status = env->CreateDir(request.directory);
  if (status.ok()) {
    status = CopyAsFiles(rows, to, request.directory);
    RemoveDirectory(env, request.directory);
  }
  return status;
}

}  // namespace rockstate
