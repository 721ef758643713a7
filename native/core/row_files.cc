#include "row_files.h"

#include <utility>

#include "ingest.h"
#include "rocksdb/env.h"

namespace rockstate {

using rocksdb::Slice;
using rocksdb::Status;

RowFiles::RowFiles(const ColumnFamily& family, std::string directory, uint64_t file_bytes)
    : family_(family),
      options_(family.db()->rocks()->GetOptions(family.handle())),
      directory_(std::move(directory)),
      file_bytes_(file_bytes == 0 ? options_.target_file_size_base : file_bytes) {}

// What can't be removed is the caller's.
RowFiles::~RowFiles() {
  if (!is_open_) {
    return;
  }
  writer_.reset();
  rocksdb::Env* env = options_.env;
  std::vector<std::string> names;
  env->GetChildren(directory_, &names).PermitUncheckedError();
  for (const std::string& name : names) {
    std::string path = directory_;
    path.append("/").append(name);
    env->DeleteFile(path).PermitUncheckedError();
  }
  env->DeleteDir(directory_).PermitUncheckedError();
}

Status RowFiles::Open() {
  Status status = options_.env->CreateDir(directory_);
  is_open_ = status.ok();
  return status;
}

Status RowFiles::Put(const Slice& key, const Slice& value) {
  Status status;
  if (writer_ == nullptr) {
    files_.push_back(directory_ + "/" + std::to_string(files_.size()) + ".sst");
    // What was written is read soon: let it stay in the system's page cache.
    constexpr bool kInvalidatePageCache = false;
    writer_ = std::make_unique<rocksdb::SstFileWriter>(rocksdb::EnvOptions(options_), options_,
                                                       family_.handle(), kInvalidatePageCache);
    status = writer_->Open(files_.back());
  }
  if (status.ok()) {
    status = writer_->Put(key, value);
  }
  return status.ok() && writer_->FileSize() >= file_bytes_ ? FinishFile() : status;
}

Status RowFiles::FinishFile() {
  const auto writer = std::move(writer_);
  return writer == nullptr ? Status::OK() : writer->Finish();
}

Status RowFiles::Ingest() {
  Status status = FinishFile();
  if (!status.ok() || files_.empty()) {
    return status;
  }
  IngestRequest ingest;
  ingest.files = files_;
  ingest.move_files = true;
  return IngestFiles(family_, ingest);
}

}  // namespace rockstate
