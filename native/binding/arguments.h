// Reads the plain objects that lib/binding/surface.ts describes. They come from this package's
// TypeScript only, which has checked what users gave.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "copy_range.h"
#include "db.h"
#include "ingest.h"
#include "key_groups.h"
#include "metrics.h"
#include "napi.h"
#include "rewrite_rows.h"
#include "scan.h"
#include "shared_memory.h"
#include "ttl_rule.h"
#include "upkeep.h"

namespace rockstate {

OpenRequest ReadOpenRequest(const Napi::Object& object);
ColumnFamilyRequest ReadColumnFamilyRequest(const Napi::Object& object);
ScanRequest ReadScanRequest(const Napi::Object& object);
KeyRange ReadKeyRange(const Napi::Object& object);
// Without the families, which are the caller's to find.
CopyRequest ReadCopyRequest(const Napi::Object& object);
FileCompaction ReadFileCompaction(const Napi::Object& object);
ImportRequest ReadImportRequest(const Napi::Object& object);
IngestRequest ReadIngestRequest(const Napi::Object& object);
// Without what the caller finds: families and snapshot.
KeyGroupsToWrite ReadKeyGroupsToWrite(const Napi::Object& object);
KeyGroupsToRead ReadKeyGroupsToRead(const Napi::Object& object);
// The names alone: db and families are the caller's to find.
MetricsRequest ReadMetricsRequest(const Napi::Object& object);
// Throws when the layout of elements is none; null for undefined.
SharedTtlRule ReadTtlRule(const Napi::Value& value);
// Throws when the change is none.
RowsToRewrite ReadRowsToRewrite(const Napi::Object& object);
StringMap ReadOptionMap(const Napi::Object& entries);
// Whole; what is out of range is the number nearest to it.
int64_t ToInt64(double number);
SharedMemoryLimits ReadSharedMemoryLimits(const Napi::Object& object);

}  // namespace rockstate
