// The numbers in serializer snapshots.

/** Of the format of snapshots in headers. */
export const PROXY_VERSION = 2;
/** Before what a composite snapshot adds. */
export const OUTER_MAGIC = 911_108;
/** Before the nested snapshots. */
export const NESTED_MAGIC = 1_333_245;
/** Of the format of nested snapshots. */
export const NESTED_VERSION = 1;
/** Up to this version composite snapshots are without their first magic number: those of Flink 1.8. */
export const LAST_LEGACY_COMPOSITE_VERSION = 2;
/** The outer version of rows from which on it is said whether they have a kind. */
export const FIRST_ROW_VERSION_WITH_KIND_FLAG = 4;
