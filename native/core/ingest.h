// Moving whole files in and out: ingest of SST files, export and import of column families.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "db.h"
#include "rocksdb/metadata.h"

namespace rockstate {

using ExportedFiles = std::shared_ptr<rocksdb::ExportImportFilesMetaData>;

struct ImportRequest {
  ColumnFamilyRequest family;
  // From exports whose key ranges do not overlap.
  std::vector<ExportedFiles> exports;
  bool move_files = false;
};

struct IngestRequest {
  std::vector<std::string> files;
  // Link them instead of copying.
  bool move_files = false;
  // Made by a database, not by an SstFileWriter: nothing in the family may overlap them.
  bool from_database = false;
};

// Adds finished SST files to a family.
rocksdb::Status IngestFiles(const ColumnFamily& family, const IngestRequest& request);
// Links the live SST files of a family into `directory`, which must not exist.
rocksdb::Status ExportColumnFamily(const ColumnFamily& family, const std::string& directory,
                                   ExportedFiles* files);
// Creates a family from exported files.
rocksdb::Status ImportColumnFamily(Db* db, const ImportRequest& request,
                                   std::shared_ptr<ColumnFamily>* family);

}  // namespace rockstate
