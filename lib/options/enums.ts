// Enumerations that options take: each name as Flink and RocksDB's Java API spell it, and what it is in RocksDB.

/** Names and RocksDB's words for them, by enumeration. */
export const ENUMS = {
  CompactionStyle: {
    LEVEL: 'kCompactionStyleLevel',
    UNIVERSAL: 'kCompactionStyleUniversal',
    FIFO: 'kCompactionStyleFIFO',
    NONE: 'kCompactionStyleNone',
  },
  CompactionPriority: {
    ByCompensatedSize: 'kByCompensatedSize',
    OldestLargestSeqFirst: 'kOldestLargestSeqFirst',
    OldestSmallestSeqFirst: 'kOldestSmallestSeqFirst',
    MinOverlappingRatio: 'kMinOverlappingRatio',
    RoundRobin: 'kRoundRobin',
  },
  CompressionType: {
    NO_COMPRESSION: 'kNoCompression',
    SNAPPY_COMPRESSION: 'kSnappyCompression',
    ZLIB_COMPRESSION: 'kZlibCompression',
    BZLIB2_COMPRESSION: 'kBZip2Compression',
    LZ4_COMPRESSION: 'kLZ4Compression',
    LZ4HC_COMPRESSION: 'kLZ4HCCompression',
    XPRESS_COMPRESSION: 'kXpressCompression',
    ZSTD_COMPRESSION: 'kZSTD',
    DISABLE_COMPRESSION_OPTION: 'kDisableCompressionOption',
  },
  InfoLogLevel: {
    DEBUG_LEVEL: 'DEBUG_LEVEL',
    INFO_LEVEL: 'INFO_LEVEL',
    WARN_LEVEL: 'WARN_LEVEL',
    ERROR_LEVEL: 'ERROR_LEVEL',
    FATAL_LEVEL: 'FATAL_LEVEL',
    HEADER_LEVEL: 'HEADER_LEVEL',
  },
  IndexType: {
    kBinarySearch: 'kBinarySearch',
    kHashSearch: 'kHashSearch',
    kTwoLevelIndexSearch: 'kTwoLevelIndexSearch',
    kBinarySearchWithFirstKey: 'kBinarySearchWithFirstKey',
  },
  DataBlockIndexType: {
    kDataBlockBinarySearch: 'kDataBlockBinarySearch',
    kDataBlockBinaryAndHash: 'kDataBlockBinaryAndHash',
  },
  ChecksumType: {
    kNoChecksum: 'kNoChecksum',
    kCRC32c: 'kCRC32c',
    kxxHash: 'kxxHash',
    kxxHash64: 'kxxHash64',
    kXXH3: 'kXXH3',
  },
  IndexShorteningMode: {
    kNoShortening: 'kNoShortening',
    kShortenSeparators: 'kShortenSeparators',
    kShortenSeparatorsAndSuccessor: 'kShortenSeparatorsAndSuccessor',
  },
  PrepopulateBlobCache: { PREPOPULATE_BLOB_DISABLE: 'kDisable', PREPOPULATE_BLOB_FLUSH_ONLY: 'kFlushOnly' },
  PrepopulateBlockCache: { kDisable: 'kDisable', kFlushOnly: 'kFlushOnly' },
  WALRecoveryMode: {
    TolerateCorruptedTailRecords: 'kTolerateCorruptedTailRecords',
    AbsoluteConsistency: 'kAbsoluteConsistency',
    PointInTimeRecovery: 'kPointInTimeRecovery',
    SkipAnyCorruptedRecords: 'kSkipAnyCorruptedRecords',
  },
  PredefinedOptions: {
    DEFAULT: 'DEFAULT',
    SPINNING_DISK_OPTIMIZED: 'SPINNING_DISK_OPTIMIZED',
    SPINNING_DISK_OPTIMIZED_HIGH_MEM: 'SPINNING_DISK_OPTIMIZED_HIGH_MEM',
    FLASH_SSD_OPTIMIZED: 'FLASH_SSD_OPTIMIZED',
  },
  PriorityQueueStateType: { ROCKSDB: 'ROCKSDB', HEAP: 'HEAP' },
  MemtableType: { KEY_GROUP_HASH: 'KEY_GROUP_HASH', SKIP_LIST: 'SKIP_LIST' },
  CheckpointingMode: { EXACTLY_ONCE: 'EXACTLY_ONCE', AT_LEAST_ONCE: 'AT_LEAST_ONCE' },
  RecoveryClaimMode: { CLAIM: 'CLAIM', NO_CLAIM: 'NO_CLAIM', LEGACY: 'LEGACY' },
  ExternalizedCheckpointRetention: {
    DELETE_ON_CANCELLATION: 'DELETE_ON_CANCELLATION',
    RETAIN_ON_CANCELLATION: 'RETAIN_ON_CANCELLATION',
    NO_EXTERNALIZED_CHECKPOINTS: 'NO_EXTERNALIZED_CHECKPOINTS',
  },
} as const;

/** A name of an enumeration. */
export type EnumName<E extends keyof typeof ENUMS> = keyof (typeof ENUMS)[E] & string;

/** How RocksDB chooses files for compaction. */
export type CompactionStyle = EnumName<'CompactionStyle'>;
/** As in RocksDB's Java API: `CompactionStyle.UNIVERSAL`. */
export const CompactionStyle: { readonly [N in CompactionStyle]: N } = namesOf('CompactionStyle');

/** Kinds of compression. */
export type CompressionType = EnumName<'CompressionType'>;
/** As in RocksDB's Java API: `CompressionType.LZ4_COMPRESSION`. */
export const CompressionType: { readonly [N in CompressionType]: N } = namesOf('CompressionType');

/** Severities of RocksDB's log. */
export type InfoLogLevel = EnumName<'InfoLogLevel'>;
/** As in RocksDB's Java API: `InfoLogLevel.WARN_LEVEL`. */
export const InfoLogLevel: { readonly [N in InfoLogLevel]: N } = namesOf('InfoLogLevel');

/** Kinds of index of a table. */
export type IndexType = EnumName<'IndexType'>;
/** As in RocksDB's Java API: `IndexType.kTwoLevelIndexSearch`. */
export const IndexType: { readonly [N in IndexType]: N } = namesOf('IndexType');

/** Names of Flink's sets of options. */
export type PredefinedOptions = EnumName<'PredefinedOptions'>;
/** As in Flink: `PredefinedOptions.FLASH_SSD_OPTIMIZED`. */
export const PredefinedOptions: { readonly [N in PredefinedOptions]: N } = namesOf('PredefinedOptions');

/** Where timers are kept. */
export type PriorityQueueStateType = EnumName<'PriorityQueueStateType'>;
/** As in Flink: `PriorityQueueStateType.HEAP`. */
export const PriorityQueueStateType: { readonly [N in PriorityQueueStateType]: N } = namesOf('PriorityQueueStateType');

function namesOf<E extends keyof typeof ENUMS>(name: E): { readonly [N in EnumName<E>]: N } {
  return Object.fromEntries(Object.keys(ENUMS[name]).map((each) => [each, each])) as { readonly [N in EnumName<E>]: N };
}
