#include "ingest.h"

#include "rocksdb/utilities/checkpoint.h"

namespace rockstate {

using rocksdb::Status;

Status IngestFiles(const ColumnFamily& family, const IngestRequest& request) {
  rocksdb::IngestExternalFileOptions options;
  options.move_files = request.move_files;
  options.allow_db_generated_files = request.from_database;
  return family.db()->rocks()->IngestExternalFile(family.handle(), request.files, options);
}

Status ExportColumnFamily(const ColumnFamily& family, const std::string& directory,
                          ExportedFiles* files) {
  rocksdb::Checkpoint* created = nullptr;
  Status status = rocksdb::Checkpoint::Create(family.db()->rocks(), &created);
  if (!status.ok()) {
    return status;
  }
  const std::unique_ptr<rocksdb::Checkpoint> checkpoint(created);
  rocksdb::ExportImportFilesMetaData* metadata = nullptr;
  status = checkpoint->ExportColumnFamily(family.handle(), directory, &metadata);
  files->reset(metadata);
  return status;
}

Status ImportColumnFamily(Db* db, const ImportRequest& request,
                          std::shared_ptr<ColumnFamily>* family) {
  rocksdb::ColumnFamilyOptions options;
  Status status = BuildColumnFamilyOptions(request.family, db->surroundings(), &options);
  if (!status.ok()) {
    return status;
  }
  rocksdb::ImportColumnFamilyOptions import_options;
  import_options.move_files = request.move_files;
  std::vector<const rocksdb::ExportImportFilesMetaData*> exports;
  exports.reserve(request.exports.size());
  for (const ExportedFiles& files : request.exports) {
    exports.push_back(files.get());
  }
  rocksdb::ColumnFamilyHandle* handle = nullptr;
  status = db->rocks()->CreateColumnFamilyWithImport(options, request.family.name, import_options,
                                                     exports, &handle);
  if (status.ok()) {
    *family = std::make_shared<ColumnFamily>(db->shared_from_this(), handle);
  }
  return status;
}

}  // namespace rockstate
