// Reads key groups: checks every row, and adds the rows in batches.
#include "key_group_input.h"
#include "key_groups.h"
#include "list_merge.h"
#include "rocksdb/write_batch.h"

namespace rockstate {
namespace {

using rocksdb::Slice;
using rocksdb::Status;

// The longest key of a row (lib/bytes/limits.ts).
constexpr size_t kMaxKeyBytes = size_t{1} << 28;
constexpr size_t kBatchBytes = size_t{1} << 20;

class Reader {
 public:
  Reader(Db* db, const KeyGroupsToRead& request, const std::atomic<bool>& cancelled, ReadRows* read)
      : db_(db), request_(request), cancelled_(cancelled), read_(read) {}

  Status Read() {
    rocksdb::EnvOptions options;
    options.use_mmap_reads = false;
    std::unique_ptr<rocksdb::RandomAccessFile> file;
    Status status = rocksdb::Env::Default()->NewRandomAccessFile(request_.path, &file, options);
    uint64_t size = 0;
    if (status.ok()) {
      status = rocksdb::Env::Default()->GetFileSize(request_.path, &size);
    }
    if (!status.ok()) {
      return status;
    }
    KeyGroupInput input(file.get(), request_.compressed);
    for (const StoredKeyGroup& group : request_.key_groups) {
      if (group.begin > group.end || group.end > size) {
        return Status::Corruption(Where(group) + "it is not within the " + std::to_string(size) +
                                  " bytes of the file");
      }
      input.Start(group.begin, group.end);
      status = ReadKeyGroup(group, &input);
      if (status.IsCorruption()) {
        return Status::Corruption(Where(group) + status.getState());
      }
      if (!status.ok()) {
        return status;
      }
    }
    return Write();
  }

 private:
  static std::string Where(const StoredKeyGroup& group) {
    return "key group " + std::to_string(group.key_group) + " at offset " +
           std::to_string(group.begin) + ": ";
  }

  Status ReadKeyGroup(const StoredKeyGroup& group, KeyGroupInput* input) {
    uint16_t id = 0;
    Status status = input->TakeShort(&id);
    while (status.ok() && id != kEndOfKeyGroup) {
      if (id >= request_.families.size()) {
        return Status::Corruption("rows of state " + std::to_string(id) + ", and there are " +
                                  std::to_string(request_.families.size()) + " states");
      }
      bool is_last = false;
      while (status.ok() && !is_last) {
        status = ReadRow(group, request_.families[id].get(), input, &is_last);
      }
      if (status.ok()) {
        status = input->TakeShort(&id);
      }
    }
    return status.ok() ? input->CheckEnd() : status;
  }

  Status ReadRow(const StoredKeyGroup& group, const ColumnFamily* family, KeyGroupInput* input,
                 bool* is_last) {
    Slice bytes;
    Status status = input->TakeSized(kMaxKeyBytes, &bytes);
    if (!status.ok()) {
      return status;
    }
    key_.assign(bytes.data(), bytes.size());
    status = CheckKey(group, is_last);
    if (!status.ok()) {
      return status;
    }
    if (family == nullptr) {
      return input->SkipSized(kMaxValueBytes);
    }
    status = input->TakeSized(kMaxValueBytes, &bytes);
    if (status.ok()) {
      status = batch_.Put(family->handle(), key_, bytes);
      ++read_->rows;
    }
    return status.ok() && batch_.GetDataSize() >= kBatchBytes ? Write() : status;
  }

  // Takes the flag off the key.
  Status CheckKey(const StoredKeyGroup& group, bool* is_last) {
    if (key_.size() < request_.prefix_bytes) {
      return Status::Corruption("a key of " + std::to_string(key_.size()) + " bytes");
    }
    *is_last = (key_[0] & kLastRowFlag) != 0;
    key_[0] = static_cast<char>(key_[0] & ~kLastRowFlag);
    uint32_t found = 0;
    for (size_t i = 0; i < request_.prefix_bytes; ++i) {
      found = (found << 8) | static_cast<uint8_t>(key_[i]);
    }
    if (found != group.key_group) {
      return Status::Corruption("a row of key group " + std::to_string(found));
    }
    return Status::OK();
  }

  Status Write() {
    if (cancelled_) {
      return CancelledStatus();
    }
    Status status = db_->rocks()->Write(db_->write_options(), &batch_);
    batch_.Clear();
    return status;
  }

  Db* db_;
  const KeyGroupsToRead& request_;
  const std::atomic<bool>& cancelled_;
  ReadRows* read_;
  rocksdb::WriteBatch batch_;
  std::string key_;
};

}  // namespace

Status ReadKeyGroups(Db* db, const KeyGroupsToRead& request, const Cancelled& cancelled,
                     ReadRows* read) {
  return Reader(db, request, *cancelled, read).Read();
}

}  // namespace rockstate
