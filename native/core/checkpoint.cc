#include "checkpoint.h"

#include <memory>

#include "rocksdb/utilities/checkpoint.h"

namespace rockstate {

rocksdb::Status CreateCheckpoint(Db* db, const std::string& directory) {
  rocksdb::Checkpoint* created = nullptr;
  rocksdb::Status status = rocksdb::Checkpoint::Create(db->rocks(), &created);
  if (!status.ok()) {
    return status;
  }
  const std::unique_ptr<rocksdb::Checkpoint> checkpoint(created);
  return checkpoint->CreateCheckpoint(directory);
}

}  // namespace rockstate
