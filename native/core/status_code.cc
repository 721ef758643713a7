#include "status_code.h"

#include <array>

namespace rockstate {
namespace {

using rocksdb::Status;

// Indexed by the enum's value; the assertions hold the tables to RocksDB's own lists.
constexpr std::array<const char*, 16> kCodes = {
    "ERR_ROCKSDB_OK",
    "ERR_ROCKSDB_NOT_FOUND",
    "ERR_ROCKSDB_CORRUPTION",
    "ERR_ROCKSDB_NOT_SUPPORTED",
    "ERR_ROCKSDB_INVALID_ARGUMENT",
    "ERR_ROCKSDB_IO_ERROR",
    "ERR_ROCKSDB_MERGE_IN_PROGRESS",
    "ERR_ROCKSDB_INCOMPLETE",
    "ERR_ROCKSDB_SHUTDOWN_IN_PROGRESS",
    "ERR_ROCKSDB_TIMED_OUT",
    "ERR_ROCKSDB_ABORTED",
    "ERR_ROCKSDB_BUSY",
    "ERR_ROCKSDB_EXPIRED",
    "ERR_ROCKSDB_TRY_AGAIN",
    "ERR_ROCKSDB_COMPACTION_TOO_LARGE",
    "ERR_ROCKSDB_COLUMN_FAMILY_DROPPED",
};
static_assert(kCodes.size() == Status::kMaxCode);
static_assert(Status::kIOError == 5 && Status::kColumnFamilyDropped == 15);

constexpr std::array<const char*, 17> kSubcodes = {
    "NONE",
    "MUTEX_TIMEOUT",
    "LOCK_TIMEOUT",
    "LOCK_LIMIT",
    "NO_SPACE",
    "DEADLOCK",
    "STALE_FILE",
    "MEMORY_LIMIT",
    "SPACE_LIMIT",
    "PATH_NOT_FOUND",
    "MERGE_OPERANDS_INSUFFICIENT_CAPACITY",
    "MANUAL_COMPACTION_PAUSED",
    "OVERWRITTEN",
    "TXN_NOT_PREPARED",
    "IO_FENCED",
    "MERGE_OPERATOR_FAILED",
    "MERGE_OPERAND_THRESHOLD_EXCEEDED",
};
static_assert(kSubcodes.size() == Status::kMaxSubCode);
static_assert(Status::kNoSpace == 4 && Status::kMergeOperandThresholdExceeded == 16);

constexpr std::array<const char*, 5> kSeverities = {
    "NO_ERROR", "SOFT_ERROR", "HARD_ERROR", "FATAL_ERROR", "UNRECOVERABLE_ERROR",
};
static_assert(kSeverities.size() == Status::kMaxSeverity);

}  // namespace

const char* CodeString(const Status& status) { return kCodes.at(status.code()); }

const char* SubcodeString(const Status& status) { return kSubcodes.at(status.subcode()); }

const char* SeverityString(const Status& status) { return kSeverities.at(status.severity()); }

}  // namespace rockstate
