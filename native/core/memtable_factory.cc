#include "memtable_factory.h"

#include <memory>
#include <mutex>

#include "prefix_memtable.h"
#include "rocksdb/comparator.h"
#include "rocksdb/utilities/object_registry.h"
#include "row_memtable.h"
#include "row_prefix.h"

namespace rockstate {

using rocksdb::MemTableRepFactory;
using rocksdb::ObjectLibrary;
using rocksdb::SliceTransform;
using rocksdb::Status;

std::string KeyGroupMemTableFactory::GetId() const {
  return std::string(kName) + ":" + std::to_string(key_group_bytes_);
}

rocksdb::MemTableRep* KeyGroupMemTableFactory::CreateMemTableRep(
    const rocksdb::MemTableRep::KeyComparator& /*comparator*/, rocksdb::Allocator* allocator,
    const SliceTransform* prefixes, rocksdb::Logger* /*logger*/) {
  if (prefixes == nullptr) {
    return new RowMemTable(allocator, key_group_bytes_);
  }
  return new PrefixMemTable(allocator, key_group_bytes_, prefixes);
}

void RegisterMemTables() {
  static std::once_flag once;
  std::call_once(once, [] {
    ObjectLibrary& library = *ObjectLibrary::Default();
    library.AddFactory<MemTableRepFactory>(
        ObjectLibrary::PatternEntry(KeyGroupMemTableFactory::kName, false).AddNumber(":"),
        [](const std::string& id, std::unique_ptr<MemTableRepFactory>* guard,
           std::string* error) -> MemTableRepFactory* {
          const std::string bytes = id.substr(id.find(':') + 1);
          if (bytes != "0" && bytes != "1" && bytes != "2") {
            *error = "A key group has up to 2 bytes, not " + bytes;
            return nullptr;
          }
          *guard = std::make_unique<KeyGroupMemTableFactory>(std::stoul(bytes));
          return guard->get();
        });
    library.AddFactory<const SliceTransform>(
        ObjectLibrary::PatternEntry(RowPrefix::kName, false).AddSeparator(":"),
        [](const std::string& id, std::unique_ptr<const SliceTransform>* guard,
           std::string* error) -> const SliceTransform* {
          const Status status = RowPrefix::Parse(id, guard);
          if (!status.ok()) {
            *error = status.ToString();
            guard->reset();
          }
          return guard->get();
        });
  });
}

Status CheckMemTable(const rocksdb::ColumnFamilyOptions& options) {
  const bool is_ours =
      options.memtable_factory->Name() == std::string(KeyGroupMemTableFactory::kName);
  if (is_ours && options.comparator != rocksdb::BytewiseComparator()) {
    return Status::InvalidArgument(
        std::string(KeyGroupMemTableFactory::kName) + " keeps keys in the order of their bytes",
        "another memtable is needed with comparator " + std::string(options.comparator->Name()));
  }
  return Status::OK();
}

}  // namespace rockstate
