// The typed shape of the addon: all that native code offers, on one page. native/addon.cc is its other half, and
// test/house/binding-surface.test.ts compares the two.
import type { RocksDBError } from '../errors.ts';

/** RocksDB option name → value, both as in its OPTIONS file. */
export type OptionMap = Readonly<Record<string, string>>;

export interface NativeColumnFamilyRequest {
  readonly name: string;
  readonly options: OptionMap;
  readonly tableOptions: OptionMap;
}

export interface NativeOpenRequest {
  readonly path: string;
  readonly dbOptions: OptionMap;
  readonly columnFamilies: readonly NativeColumnFamilyRequest[];
  /** Options of families that are on disk but not listed. */
  readonly unlisted: NativeColumnFamilyRequest;
  readonly memory: NativeSharedMemory | undefined;
  readonly readOptions: OptionMap;
  readonly writeOptions: OptionMap;
  /** What RocksDB counts: each of these counts what those before it count as well. */
  readonly statistics: 'off' | 'tickers' | 'histograms' | 'timers';
}

/** Lower bound inclusive, upper exclusive; `undefined` = open. */
export interface NativeKeyRange {
  readonly lower: Uint8Array | undefined;
  readonly upper: Uint8Array | undefined;
}

export interface NativeScanRequest extends NativeKeyRange {
  /** The bounds are those of all keys that start with `lower`. */
  readonly withinPrefix: boolean;
  readonly backward: boolean;
  readonly keysOnly: boolean;
  readonly fillCache: boolean;
}

export interface NativeFileCompaction {
  readonly files: readonly string[];
  readonly outputLevel: number;
  readonly maxOutputFileBytes: number;
}

/** Names by RocksDB. */
export interface NativeMetricsRequest {
  readonly properties: readonly string[];
  readonly tickers: readonly string[];
  readonly histograms: readonly string[];
}

export interface NativeCopyRequest extends NativeKeyRange {
  /** Handle of the database to read. */
  readonly from: number;
  readonly fromColumnFamily: number;
  readonly directory: string;
  readonly maxBatchBytes: number;
}

export interface NativeIngestRequest {
  readonly files: readonly string[];
  readonly moveFiles: boolean;
  readonly fromDatabase: boolean;
}

export interface NativeImportRequest {
  readonly columnFamily: NativeColumnFamilyRequest;
  readonly exports: readonly NativeExportedFiles[];
  readonly moveFiles: boolean;
}

/** A part of a file. */
export interface NativeFilePiece {
  readonly path: string;
  readonly offset: number;
  /** Fewer are read where the file ends. */
  readonly maxBytes: number;
  /** CRC-32 (IEEE) of what is before the piece; 0 at the beginning. */
  readonly crc32: number;
  /** A file that exists, to which the piece is written at the same offset. */
  readonly copyPath: string | undefined;
}

export interface NativeCheckedPiece {
  /** That were read. */
  readonly bytes: number;
  /** Of all up to the end of the piece. */
  readonly crc32: number;
}

/** Which rows of a family expire; see native/core/ttl_rule.h. */
export interface NativeTtlRule {
  readonly rows: 'value' | 'list';
  /** Bytes before the stamp: 1 in maps, behind the flag that says whether the value is null. */
  readonly offset: 0 | 1;
  /** From the integer numbers; one that is larger, such as `Infinity`, is for ever. */
  readonly ttlMs: number;
  /** After how many rows the clock is read again. */
  readonly queryTimeAfterEntries: number;
  /** Of an element with its stamp, as bytes/value-layout.ts says; without it, lists stay as they are. */
  readonly elementLayout?: string | undefined;
}

/** Rows to be rewritten; see native/core/rewrite_rows.h. */
export interface NativeRowsToRewrite {
  /** What is changed: the whole value, each element of a list, or what is behind the flag of a map's row. */
  readonly rows: 'value' | 'list' | 'map';
  /** As bytes/layout-change.ts says. */
  readonly change: string;
  /** For files on their way; must not exist, and does not afterwards. */
  readonly directory: string;
  readonly maxBatchBytes: number;
}

/** Key groups of a savepoint in Flink's canonical format, to be written; see native/core/key_groups.h. */
export interface NativeKeyGroupsToWrite {
  /** Created, or written over. */
  readonly path: string;
  /** What the file begins with. */
  readonly header: Uint8Array;
  /** Numbers by state id; `undefined` where the rows are in `rowsPath`. */
  readonly columnFamilies: readonly (number | undefined)[];
  /** A file as lib/heap/snapshot-format.ts says, with rows of states by their ids. */
  readonly rowsPath: string | undefined;
  /** By state id: what is expired at `ttlNowMs` is left out. */
  readonly ttl: readonly (NativeTtlRule | undefined)[];
  readonly ttlNowMs: number;
  readonly firstKeyGroup: number;
  readonly lastKeyGroup: number;
  /** Bytes that the key group takes in a key. */
  readonly prefixBytes: number;
  readonly compress: boolean;
}

export interface NativeWrittenKeyGroups {
  /** Where each key group begins in the file; 0 for one without rows. */
  readonly offsets: Float64Array;
  readonly sizeBytes: number;
  readonly rows: number;
}

/** Where a key group lies in a file. */
export interface NativeStoredKeyGroup {
  readonly keyGroup: number;
  readonly begin: number;
  readonly end: number;
}

export interface NativeKeyGroupsToRead {
  readonly path: string;
  readonly keyGroups: readonly NativeStoredKeyGroup[];
  /** Numbers by state id; rows of `undefined` are read past. */
  readonly columnFamilies: readonly (number | undefined)[];
  readonly prefixBytes: number;
  readonly compressed: boolean;
}

/** Work on a worker that can be ended early; it fails with `ERR_ROCKSDB_ABORTED` then. */
export interface NativeTask<T> {
  readonly completed: Promise<T>;
  cancel(): void;
}

export interface NativeRewriting extends NativeTask<number> {
  /** Rows that were rewritten so far. */
  progress(): number;
}

/** Opaque: what RocksDB wants back to import an exported column family. */
export interface NativeExportedFiles {
  readonly _opaque: never;
}

export interface NativeColumnFamily {
  readonly name: string;
  readonly number: number;
}

export interface NativeLiveFile {
  readonly columnFamily: string;
  readonly directory: string;
  readonly name: string;
  readonly level: number;
  readonly sizeBytes: number;
  readonly entries: number;
  readonly deletions: number;
  readonly smallestKey: Uint8Array;
  readonly largestKey: Uint8Array;
  readonly beingCompacted: boolean;
}

export interface NativeMemoryLimits {
  /** Memory of the same name is the same memory, in all threads of the process; `undefined`: it is nobody else's. */
  readonly name: string | undefined;
  readonly cacheBytes: number;
  readonly strictCapacity: boolean;
  readonly highPriorityRatio: number;
  readonly writeBufferBytes: number;
}

export interface NativeMemoryUsage {
  readonly cacheCapacityBytes: number;
  readonly cacheUsageBytes: number;
  readonly cachePinnedBytes: number;
  readonly writeBufferCapacityBytes: number;
  readonly writeBufferUsageBytes: number;
  readonly writeBufferMutableBytes: number;
}

export interface NativeSharedMemory {
  usage(): NativeMemoryUsage;
  close(): void;
}

export interface NativeSnapshot {
  /** For the call header; never 0. */
  readonly number: number;
  readonly sequenceNumber: bigint;
  release(): void;
}

export interface NativeScan {
  /** Fills the page with whole entries; answers the bytes written, 0 at the end, or minus the bytes one entry needs. */
  nextPage(page: Uint8Array): number;
  nextPageAsync(page: Uint8Array): Promise<number>;
  close(): void;
}

/** A value kept in native memory, to be read in pieces. */
export interface NativeValue {
  readonly sizeBytes: number;
  /** Copies what lies from `offset` on into the page; answers how many bytes that were. */
  read(offset: number, page: Uint8Array): number;
  close(): void;
}

export interface NativeDb {
  /** For point calls. */
  readonly handle: number;
  attachBuffer(buffer: ArrayBuffer): void;
  columnFamilies(): NativeColumnFamily[];
  createColumnFamily(request: NativeColumnFamilyRequest): Promise<number>;
  /** Blocks for as long as RocksDB takes to write its manifest and options: milliseconds. */
  createColumnFamilySync(request: NativeColumnFamilyRequest): number;
  dropColumnFamily(columnFamily: number): Promise<void>;
  /** `snapshot` 0 = the state as of now. */
  openScan(columnFamily: number, request: NativeScanRequest, snapshot: number): NativeScan;
  takeSnapshot(): NativeSnapshot;
  flush(): Promise<void>;
  compactRange(columnFamily: number, range: NativeKeyRange): Promise<void>;
  compactFiles(columnFamily: number, request: NativeFileCompaction): Promise<void>;
  deleteFilesInRange(columnFamily: number, range: NativeKeyRange): Promise<void>;
  property(columnFamily: number, name: string): Promise<string>;
  mapProperty(columnFamily: number, name: string): Promise<Record<string, string>>;
  /**
   * Every property of every family in turn; then the tickers; then nine numbers per histogram: count, sum, minimum,
   * maximum, mean, standard deviation, median, 95th and 99th percentile. A property without a number is NaN.
   */
  readMetrics(columnFamilies: readonly number[], request: NativeMetricsRequest): Promise<Float64Array>;
  liveFiles(): Promise<NativeLiveFile[]>;
  createCheckpoint(directory: string): Promise<void>;
  ingestFiles(columnFamily: number, request: NativeIngestRequest): Promise<void>;
  copyRange(columnFamily: number, request: NativeCopyRequest): Promise<void>;
  /** Blocks for as long as it takes to read and write the rows. */
  copyRangeSync(columnFamily: number, request: NativeCopyRequest): void;
  exportColumnFamily(columnFamily: number, directory: string): Promise<NativeExportedFiles>;
  importColumnFamily(request: NativeImportRequest): Promise<number>;
  /** What the compactions of a family that begin from now on drop; `undefined`: nothing. */
  setTtl(columnFamily: number, rule: NativeTtlRule | undefined): void;
  /** The time by which they judge; `undefined`, as at first: the system's. */
  setTtlTime(nowMs: number | undefined): void;
  setColumnFamilyOptions(columnFamily: number, options: OptionMap): Promise<void>;
  /** Rewrites all rows of a family as of now, or none when anything fails; answers how many. */
  rewriteRows(columnFamily: number, request: NativeRowsToRewrite): NativeRewriting;
  rewriteRowsSync(columnFamily: number, request: NativeRowsToRewrite): number;
  /** Writes the rows as of a snapshot, and syncs the file. */
  writeKeyGroups(request: NativeKeyGroupsToWrite, snapshot: number): NativeTask<NativeWrittenKeyGroups>;
  /** Adds the rows of a file, which it trusts in nothing; answers how many. */
  readKeyGroups(request: NativeKeyGroupsToRead): NativeTask<number>;
  resume(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Point calls take the handle of a Db; the rest of their arguments is in its call buffer (rocksdb/call-buffer.ts).
 * Those that read answer a length, or -1 for absent. A longer value than the buffer has room for is kept by native until
 * `takeRetained` fetches it, or the next read drops it.
 */
export interface NativePointCalls {
  get(handle: number): number;
  multiGet(handle: number): number;
  takeRetained(handle: number): number;
  openValue(handle: number): NativeValue | undefined;
  openValueAsync(handle: number, key: Uint8Array): Promise<NativeValue | undefined>;
  put(handle: number): void;
  merge(handle: number): void;
  remove(handle: number): void;
  /**
   * Fills a buffer from `offset` on with the entries whose keys start with the one in the call buffer. Answers the bytes
   * written when these are all entries, else -1 minus the bytes written; `takeScan` then has the rest.
   */
  scanPrefix(handle: number, buffer: ArrayBufferLike, offset: number, keysOnly: boolean): number;
  /** Goes on behind the page of the last `scanPrefix`; to be asked once, and at once. */
  takeScan(handle: number): NativeScan;
  /** Whether any key starts with the one in the call buffer. */
  hasPrefix(handle: number): boolean;
  write(handle: number, batch: Uint8Array): void;
  getAsync(handle: number): Promise<Uint8Array | undefined>;
  multiGetAsync(handle: number, packedKeys: Uint8Array): Promise<Uint8Array>;
  putAsync(handle: number): Promise<void>;
  mergeAsync(handle: number): Promise<void>;
  removeAsync(handle: number): Promise<void>;
  writeAsync(handle: number, batch: Uint8Array): Promise<void>;
}

export interface NativeAddon extends NativePointCalls {
  /** Identifies the sources that the binary was built from. */
  readonly buildId: string;
  readonly rocksdbVersion: string;
  readonly SharedMemory: new (limits: NativeMemoryLimits) => NativeSharedMemory;
  setErrorClass(errorClass: typeof RocksDBError): void;
  openDb(request: NativeOpenRequest): Promise<NativeDb>;
  listColumnFamilies(path: string): Promise<string[]>;
  readFilePiece(piece: NativeFilePiece): Promise<NativeCheckedPiece>;
  /** Codes one Snappy block. */
  snappyCompress(bytes: Uint8Array): Uint8Array;
  /** Decodes one Snappy block; fails with `ERR_ROCKSDB_CORRUPTION` when it is none, or would be longer than allowed. */
  snappyUncompress(bytes: Uint8Array, maxBytes: number): Uint8Array;
}
