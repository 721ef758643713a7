// The file that key groups are written to, a piece at a time, in Snappy frames where asked for.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "rocksdb/env.h"
#include "rocksdb/slice.h"

namespace rockstate {

class KeyGroupOutput {
 public:
  // Creates the file, or begins it anew.
  rocksdb::Status Open(const std::string& path, bool compress);
  rocksdb::Status AppendHeader(const rocksdb::Slice& header);

  // Answers where in the file the key group begins.
  uint64_t BeginKeyGroup();
  void BeginState(uint16_t id);
  // Keeps the row in memory, as nobody knows yet whether it is the last of its state.
  rocksdb::Status AppendRow(const rocksdb::Slice& key, const rocksdb::Slice& value);
  // For a row whose value comes in pieces.
  rocksdb::Status BeginLongRow(const rocksdb::Slice& key, uint32_t value_bytes);
  rocksdb::Status AppendPiece(const rocksdb::Slice& piece);
  // Marks the row appended last.
  void EndState();
  rocksdb::Status EndKeyGroup();

  // Makes the file durable.
  rocksdb::Status Finish();
  uint64_t size_bytes() const { return file_bytes_ + framed_.size(); }

 private:
  void AppendShort(uint16_t value);
  void AppendInt(uint32_t value);
  // Lets go of what is settled when there is much of it.
  rocksdb::Status Drain();
  rocksdb::Status DrainFrames(bool all);
  rocksdb::Status WriteOut(std::string* bytes);

  std::unique_ptr<rocksdb::WritableFile> file_;
  bool compress_ = false;
  uint64_t file_bytes_ = 0;
  // Rows, not compressed.
  std::string pending_;
  // Where the key of the last row begins in `pending_`.
  size_t last_key_ = 0;
  std::string framed_;
};

}  // namespace rockstate
