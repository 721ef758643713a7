// The low-level database: RocksDB's own vocabulary, bytes in and bytes out.
import { addon } from '../binding/load.ts';
import type {
  NativeCopyRequest,
  NativeDb,
  NativeExportedFiles,
  NativeLiveFile,
  NativeWrittenKeyGroups,
} from '../binding/surface.ts';
import { checkLength, checkRow } from '../bytes/limits.ts';
import { describe, RocksDBError, typeError } from '../errors.ts';
import { type BytesLike, toBytes } from './bytes-like.ts';
import type { ColumnFamily } from './column-family.ts';
import { HotCalls } from './hot-calls.ts';
import type { HotRows } from './hot-rows.ts';
import { type KeyGroupsToRead, type KeyGroupsToWrite, untilAborted } from './key-group-files.ts';
import { MetricReading, type MetricRequest, toFullMetricRequest } from './metric-reading.ts';
import { type KeyAnswer, type MultiGetSource, multiGet, multiGetAsync, owned } from './multi-get.ts';
import {
  type ColumnFamilyOptions,
  type OpenOptions,
  type Options,
  toColumnFamilyRequest,
  toOpenRequest,
  toOptionMap,
} from './open-options.ts';
import { PointCalls } from './point-calls.ts';
import { type CopyRangeOptions, MAX_COPIED_BATCH_BYTES, type RangeOptions } from './range-options.ts';
import { type RowsToRewrite, rewriteRows, toNativeRewrite } from './rewrite-rows.ts';
import { Scan, type ScanOptions, scanBounds } from './scan.ts';
import { Snapshot } from './snapshot.ts';
import type { TtlRule } from './ttl-rule.ts';
import { WriteBatch } from './write-batch.ts';

/** Where to read. */
export interface ReadOptions {
  /** Default: the default family. */
  readonly columnFamily?: ColumnFamily;
  /** Default: the newest state. */
  readonly snapshot?: Snapshot;
}

/** Where to write. */
export interface WriteOptions {
  /** Default: the default family. */
  readonly columnFamily?: ColumnFamily;
}

/** How to merge files. */
export interface CompactFilesOptions extends WriteOptions {
  /** Level that the merged files go to; not less than that of any of the files. */
  readonly outputLevel: number;
  /** Size at which a further file is begun, in bytes. */
  readonly maxOutputFileBytes: number;
}

/** SST files linked out of a database by `exportColumnFamily`. */
export interface ExportedColumnFamily {
  readonly directory: string;
  /** @internal */
  readonly files: NativeExportedFiles;
}

/** How to ingest files. */
export interface IngestOptions extends WriteOptions {
  /** Link the files instead of copying them, and remove them from where they were. Default false. */
  readonly moveFiles?: boolean;
  /**
   * The files are a database's own, not an `SstFileWriter`'s. RocksDB then wants that their keys overlap none in the
   * family, that no snapshot is open, and that the files were compacted into the last level while no snapshot was open.
   * Default false.
   */
  readonly fromDatabase?: boolean;
}

/** How to import a column family. */
export interface ImportOptions extends ColumnFamilyOptions {
  /** Take the files over instead of copying them. Default false. */
  readonly moveFiles?: boolean;
}

/**
 * An open RocksDB database. Point calls are synchronous and have an asynchronous twin; everything slower is
 * asynchronous. Failures are `RocksDBError`s, after `close` with code `ERR_ROCKSDB_CLOSED`.
 *
 * @example
 * ```ts
 * await using db = await RocksDB.open('/var/lib/app/db');
 * db.put('whale', 'white');
 * for (const { key, value } of db.scan({ prefix: 'wh' })) console.log(key, value);
 * ```
 */
export class RocksDB implements AsyncDisposable {
  /** Directory of the database. */
  readonly path: string;
  /** @internal */
  calls: PointCalls;
  // Only by way of `#toRead`, `#changing`, `#toChange` and `#aside`, which say what it is for: rows may be in memory alone.
  readonly #native: NativeDb;
  readonly #families = new Map<string, ColumnFamily>();
  readonly #default: ColumnFamily;
  #hotRows: HotRows | undefined;
  #closing: Promise<void> | undefined;

  private constructor(path: string, native: NativeDb) {
    this.path = path;
    this.#native = native;
    this.calls = new PointCalls(native);
    for (const family of native.columnFamilies()) {
      this.#families.set(family.name, family);
    }
    this.#default = this.columnFamily('default');
  }

  /**
   * Opens the database in a directory, creating it when there is none (unless `create_if_missing` is off).
   *
   * @throws RocksDBError for an unknown option or a bad value (`ERR_ROCKSDB_INVALID_ARGUMENT`, naming it), a database in
   *   use by another process (`ERR_ROCKSDB_IO_ERROR`), or a damaged one (`ERR_ROCKSDB_CORRUPTION`).
   */
  static async open(path: string, options: OpenOptions = {}): Promise<RocksDB> {
    checkPath(path);
    return new RocksDB(path, await addon.openDb(toOpenRequest(path, options)));
  }

  /** Names of the column families on disk; empty when there is no database. */
  static async listColumnFamilies(path: string): Promise<string[]> {
    checkPath(path);
    return addon.listColumnFamilies(path);
  }

  /**
   * @internal Keeps rows that are used in memory from now on, and writes what changes later, many rows at a time: before
   * anything else reads them, or when there is no more room. What is not written when the database is closed is gone.
   *
   * @param sizeBytes - of all that is kept.
   */
  keepHotRows(sizeBytes: number): HotRows {
    const nameOf = (family: number) =>
      this.columnFamilies.find(({ number }) => number === family)?.name ?? `column family ${family}`;
    const calls = new HotCalls(this.#aside, sizeBytes, nameOf);
    this.calls = calls;
    this.#hotRows = calls.rows;
    return calls.rows;
  }

  /** The open column families. */
  get columnFamilies(): readonly ColumnFamily[] {
    return [...this.#families.values()];
  }

  /** The open family with this name. @throws RocksDBError `ERR_ROCKSDB_UNKNOWN_COLUMN_FAMILY`. */
  columnFamily(name: string): ColumnFamily {
    const family = this.#families.get(name);
    if (family === undefined) {
      const open = [...this.#families.keys()].map((known) => `'${known}'`).join(', ');
      throw new RocksDBError(`There is no column family '${name}'; open are ${open}.`, {
        code: 'ERR_ROCKSDB_UNKNOWN_COLUMN_FAMILY',
        subcode: 'NONE',
        severity: 'NO_ERROR',
      });
    }
    return family;
  }

  /** Creates a column family. */
  async createColumnFamily(name: string, options?: ColumnFamilyOptions): Promise<ColumnFamily> {
    return this.#register(name, await this.#aside.createColumnFamily(toColumnFamilyRequest(name, options)));
  }

  /** Creates a column family while the JS thread waits, for a few milliseconds. Prefer {@link createColumnFamily}. */
  createColumnFamilySync(name: string, options?: ColumnFamilyOptions): ColumnFamily {
    return this.#register(name, this.#aside.createColumnFamilySync(toColumnFamilyRequest(name, options)));
  }

  /** Drops a column family with all that is in it. */
  async dropColumnFamily(family: ColumnFamily): Promise<void> {
    this.#hotRows?.guard.forget(family.number);
    const dropped = this.#changing([family.number], (native) => native.dropColumnFamily(family.number));
    this.#families.delete(family.name);
    try {
      await dropped;
    } catch (error) {
      this.#families.set(family.name, family);
      throw error;
    }
  }

  /** The value of a key, or `undefined`. */
  get(key: BytesLike, options: ReadOptions = {}): Uint8Array | undefined {
    const keyEnd = this.#writeKey(key);
    const input = this.calls.get(this.#number(options), keyEnd, options.snapshot?.number);
    return input?.readBytes(input.remaining);
  }

  /** As {@link get}, on a worker: for keys that are likely not in memory. */
  async getAsync(key: BytesLike, options: ReadOptions = {}): Promise<Uint8Array | undefined> {
    return this.calls.getAsync(this.#number(options), this.#writeKey(key), options.snapshot?.number);
  }

  /** The values of many keys, in their order. */
  multiGet(keys: readonly BytesLike[], options: ReadOptions = {}): (Uint8Array | undefined)[] {
    return multiGet(this.calls, toKeys(keys), this.#source(options)).map(toValue);
  }

  /** As {@link multiGet}, on a worker. */
  async multiGetAsync(keys: readonly BytesLike[], options: ReadOptions = {}): Promise<(Uint8Array | undefined)[]> {
    return (await this.multiGetEachAsync(toKeys(keys), options)).map((answer) => owned(toValue(answer)));
  }

  /** @internal As {@link multiGetAsync}, but a value that is too long is answered by its error, so that it fails alone. The values share a buffer. */
  multiGetEachAsync(keys: readonly Uint8Array[], options: ReadOptions = {}): Promise<KeyAnswer[]> {
    return multiGetAsync(this.calls, keys, this.#source(options));
  }

  put(key: BytesLike, value: BytesLike, options: WriteOptions = {}): void {
    this.calls.put(this.#number(options), this.#writeKeyAndValue(key, value));
  }

  async putAsync(key: BytesLike, value: BytesLike, options: WriteOptions = {}): Promise<void> {
    return this.calls.putAsync(this.#number(options), this.#writeKeyAndValue(key, value));
  }

  /** Appends an operand to the key's value: operands are joined by a comma, as Flink joins the elements of a list. */
  merge(key: BytesLike, operand: BytesLike, options: WriteOptions = {}): void {
    this.calls.merge(this.#number(options), this.#writeKeyAndValue(key, operand));
  }

  async mergeAsync(key: BytesLike, operand: BytesLike, options: WriteOptions = {}): Promise<void> {
    return this.calls.mergeAsync(this.#number(options), this.#writeKeyAndValue(key, operand));
  }

  delete(key: BytesLike, options: WriteOptions = {}): void {
    this.calls.remove(this.#number(options), this.#writeKey(key));
  }

  async deleteAsync(key: BytesLike, options: WriteOptions = {}): Promise<void> {
    return this.calls.removeAsync(this.#number(options), this.#writeKey(key));
  }

  /** Deletes the keys from `lower` up to `upper` (exclusive), with one record. */
  deleteRange(lower: BytesLike, upper: BytesLike, options: WriteOptions = {}): void {
    this.write(new WriteBatch().deleteRange(options.columnFamily ?? this.#default, lower, upper));
  }

  /** Applies all updates of a batch, or none. */
  write(batch: WriteBatch): void {
    this.calls.write(batch.encoded());
  }

  /** As {@link write}, on a worker. The batch may be changed as soon as this returns. */
  async writeAsync(batch: WriteBatch): Promise<void> {
    return this.calls.writeAsync(batch.encoded());
  }

  /** A scan of a prefix or range, forward or backward. */
  scan(options: ScanOptions = {}): Scan {
    const request = {
      ...scanBounds(options),
      withinPrefix: options.prefix !== undefined,
      backward: options.backward ?? false,
      keysOnly: options.keysOnly ?? false,
      fillCache: options.fillCache ?? true,
    };
    const family = this.#number(options);
    return new Scan(this.#toRead(family).openScan(family, request, options.snapshot?.number ?? 0));
  }

  /** A view of the database as it is now. */
  snapshot(): Snapshot {
    return new Snapshot(this.#toRead().takeSnapshot());
  }

  /** Writes the memtables of all families to files. */
  async flush(): Promise<void> {
    return this.#toRead().flush();
  }

  /** Rewrites the files of a range so that nothing deleted or overwritten is left in them. */
  async compactRange(options: RangeOptions = {}): Promise<void> {
    const family = this.#number(options);
    return this.#changing([family], (native) => native.compactRange(family, scanBounds(options)));
  }

  /**
   * Merges files of a family into a level.
   *
   * @param files - names as {@link liveFiles} gives them.
   * @throws RocksDBError when one of them is gone, or is being compacted.
   */
  async compactFiles(files: readonly string[], options: CompactFilesOptions): Promise<void> {
    const { outputLevel, maxOutputFileBytes } = options;
    return this.#aside.compactFiles(this.#number(options), { files, outputLevel, maxOutputFileBytes });
  }

  /** Drops the files that lie wholly in the range: frees space fast; use `deleteRange` for what they leave. */
  async deleteFilesInRange(options: RangeOptions = {}): Promise<void> {
    const family = this.#number(options);
    return this.#changing([family], (native) => native.deleteFilesInRange(family, scanBounds(options)));
  }

  /**
   * A property by RocksDB's name, such as `rocksdb.estimate-num-keys`.
   *
   * @throws RocksDBError `ERR_ROCKSDB_NOT_FOUND` when RocksDB has no such property.
   */
  async property(name: string, options: WriteOptions = {}): Promise<string> {
    return this.#aside.property(this.#number(options), name);
  }

  /**
   * A property that consists of named values, such as `rocksdb.cfstats` or `rocksdb.block-cache-entry-stats`.
   *
   * @throws RocksDBError `ERR_ROCKSDB_NOT_FOUND` when RocksDB has no such property, or it is no map.
   */
  async mapProperty(name: string, options: WriteOptions = {}): Promise<Record<string, string>> {
    return this.#aside.mapProperty(this.#number(options), name);
  }

  /**
   * Reads any number of properties, tickers and histograms in one go, off the JS thread.
   *
   * @example
   * ```ts
   * const reading = await db.metrics({ properties: ['rocksdb.estimate-num-keys'], tickers: ['rocksdb.bytes.read'] });
   * reading.property('rocksdb.estimate-num-keys', db.columnFamily('default'));
   * reading.ticker('rocksdb.bytes.read'); // bytes, since the database was opened
   * ```
   * @throws RocksDBError `ERR_ROCKSDB_NOT_FOUND` for a ticker or histogram that RocksDB does not know, naming it;
   *   `ERR_ROCKSDB_NOT_SUPPORTED` for any, when the database was opened without {@link OpenOptions.statistics}.
   */
  async metrics(request: MetricRequest = {}): Promise<MetricReading> {
    const full = toFullMetricRequest(request, this.columnFamilies);
    const families = full.columnFamilies.map((family) => family.number);
    return new MetricReading(full, await this.#aside.readMetrics(families, full));
  }

  /** The SST files in use, of all families. */
  async liveFiles(): Promise<NativeLiveFile[]> {
    return this.#aside.liveFiles();
  }

  /**
   * Flushes, and links an openable copy of the database into a directory, which must not exist.
   *
   * @param directory - absolute; on the same file system, else files are copied.
   */
  async createCheckpoint(directory: string): Promise<void> {
    return this.#toRead().createCheckpoint(directory);
  }

  /** Adds finished SST files to a family. */
  async ingestFiles(files: readonly string[], options: IngestOptions = {}): Promise<void> {
    const { moveFiles = false, fromDatabase = false } = options;
    const family = this.#number(options);
    return this.#changing([family], (native) => native.ingestFiles(family, { files, moveFiles, fromDatabase }));
  }

  /**
   * Copies rows of another open database, on a worker: few of them through the write buffer, more as files that are written
   * outside of the database and taken over at once. Each is copied as reading it gives it; a list that is too long to be
   * joined is merged in its pieces. Rows of the same keys that are here already are hidden by those that are copied;
   * deletions from before hide none.
   *
   * @throws RocksDBError when reading or writing fails; the pieces of long lists may have been merged then.
   */
  async copyRange(options: CopyRangeOptions): Promise<void> {
    const family = this.#number(options);
    return this.#changing([family], (native) => native.copyRange(family, this.#copyRequest(options)));
  }

  /** As {@link copyRange}, while the JS thread waits. */
  copyRangeSync(options: CopyRangeOptions): void {
    const family = this.#number(options);
    this.#toChange(family, (native) => native.copyRangeSync(family, this.#copyRequest(options)));
  }

  /** Flushes a family and links its files into a directory, which must not exist. */
  async exportColumnFamily(family: ColumnFamily, directory: string): Promise<ExportedColumnFamily> {
    return { directory, files: await this.#toRead(family.number).exportColumnFamily(family.number, directory) };
  }

  /** Creates a family from exports, whose key ranges must not overlap. */
  async importColumnFamily(
    name: string,
    exports: readonly ExportedColumnFamily[],
    options: ImportOptions = {},
  ): Promise<ColumnFamily> {
    const request = {
      columnFamily: toColumnFamilyRequest(name, options),
      exports: exports.map((exported) => exported.files),
      moveFiles: options.moveFiles ?? false,
    };
    return this.#register(name, await this.#aside.importColumnFamily(request));
  }

  /**
   * Changes options of a family that RocksDB can change while it is open, such as `periodic_compaction_seconds`, until it
   * is closed.
   *
   * @throws RocksDBError `ERR_ROCKSDB_INVALID_ARGUMENT` for an option that is unknown or can't be changed.
   */
  async setColumnFamilyOptions(family: ColumnFamily, options: Options): Promise<void> {
    return this.#aside.setColumnFamilyOptions(family.number, toOptionMap(options));
  }

  /**
   * @internal Lets the compactions of a family that begin from now on drop rows that expired; `undefined`: none, as when
   * it is opened.
   * @throws RocksDBError `ERR_ROCKSDB_INVALID_ARGUMENT` when the rule's layout is none, or can't be that of an element.
   */
  setTtl(family: ColumnFamily, rule: TtlRule | undefined): void {
    this.#aside.setTtl(family.number, rule);
  }

  /** @internal The time by which rows expire here, in milliseconds since 1970; `undefined`, as at first: the system's. */
  setTtlTime(nowMs: number | undefined): void {
    this.#aside.setTtlTime(nowMs);
  }

  /**
   * @internal Rewrites all rows of a family on a worker, at once: few of them as one batch, more as files that are laid over
   * the old ones. It reads as of now; what is written to the family meanwhile may get lost. When anything fails, all rows
   * are as they were.
   * @param onProgress - is told now and then how many rows were rewritten, and in the end how many there are.
   * @throws RocksDBError `ERR_ROCKSDB_CORRUPTION` for a row whose bytes the change is not for, naming its key;
   *   `ERR_ROCKSDB_INVALID_ARGUMENT` for a change that is none, a number that would be rounded, or a list that is too long
   *   to be joined. The signal's reason when it is given before the rows are written.
   */
  async rewriteRows(
    request: RowsToRewrite,
    signal?: AbortSignal,
    onProgress?: (rows: number) => void,
  ): Promise<number> {
    return this.#changing([request.columnFamily.number], (native) => rewriteRows(native, request, signal, onProgress));
  }

  /** @internal As {@link rewriteRows}, while the JS thread waits. */
  rewriteRowsSync(request: RowsToRewrite): number {
    const family = request.columnFamily.number;
    return this.#toChange(family, (native) => native.rewriteRowsSync(family, toNativeRewrite(request)));
  }

  /** @internal Writes rows in the canonical format of Flink's savepoints to a file, and syncs it. */
  async writeKeyGroups(
    { columnFamilies, rowsPath, snapshot, ttl = [], ttlNowMs = 0, ...rest }: KeyGroupsToWrite,
    signal?: AbortSignal,
  ): Promise<NativeWrittenKeyGroups> {
    const request = {
      ...rest,
      rowsPath,
      ttl,
      ttlNowMs,
      columnFamilies: columnFamilies.map((family) => family?.number),
    };
    return untilAborted(() => this.#aside.writeKeyGroups(request, snapshot.number), signal);
  }

  /** @internal Adds the rows of a file in that format; answers how many there were. */
  async readKeyGroups({ columnFamilies, ...rest }: KeyGroupsToRead, signal?: AbortSignal): Promise<number> {
    const request = { ...rest, columnFamilies: columnFamilies.map((family) => family?.number) };
    const families = columnFamilies.flatMap((family) => family?.number ?? []);
    return this.#changing(families, (native) => untilAborted(() => native.readKeyGroups(request), signal));
  }

  /**
   * Lets writes go on after a background error whose cause is gone. From a full disk RocksDB recovers by itself, seconds
   * after there is space for its write buffers again.
   *
   * @throws RocksDBError `ERR_ROCKSDB_BUSY` while RocksDB is recovering by itself.
   */
  async resume(): Promise<void> {
    return this.#aside.resume();
  }

  /**
   * Closes scans and snapshots, waits for work under way, and closes the database. Without a write-ahead log, what was
   * not flushed is flushed first, or gone if the option `avoid_flush_during_shutdown` is on. Idempotent.
   *
   * @throws RocksDBError when that flush fails; the database is closed all the same.
   */
  close(): Promise<void> {
    this.#hotRows?.close();
    this.#closing ??= this.#aside.close();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #register(name: string, number: number): ColumnFamily {
    const family = { name, number };
    this.#families.set(name, family);
    return family;
  }

  #copyRequest(options: CopyRangeOptions): NativeCopyRequest {
    const { from, fromColumnFamily = from.#default, directory } = options;
    return {
      ...scanBounds(options),
      from: from.#toRead(fromColumnFamily.number).handle,
      fromColumnFamily: fromColumnFamily.number,
      directory,
      maxBatchBytes: MAX_COPIED_BATCH_BYTES,
    };
  }

  /** For what reads rows of a family, or of any. */
  #toRead(family?: number): NativeDb {
    this.#hotRows?.guard.settle(family);
    return this.#native;
  }

  /** For what may change any row of some families. */
  #changing<R>(families: readonly number[], work: (native: NativeDb) => Promise<R>): Promise<R> {
    const rows = this.#hotRows;
    return rows === undefined ? work(this.#native) : rows.guard.during(families, () => work(this.#native));
  }

  /** As {@link #changing}, while the JS thread waits. */
  #toChange<R>(family: number, work: (native: NativeDb) => R): R {
    const rows = this.#hotRows;
    return rows === undefined ? work(this.#native) : rows.guard.around(family, () => work(this.#native));
  }

  /** For what neither reads nor changes rows, or reads those of a snapshot. */
  get #aside(): NativeDb {
    return this.#native;
  }

  #number(options: { readonly columnFamily?: ColumnFamily }): number {
    return (options.columnFamily ?? this.#default).number;
  }

  #source(options: ReadOptions): MultiGetSource {
    return { columnFamily: this.#number(options), snapshot: options.snapshot?.number };
  }

  #writeKey(key: BytesLike): number {
    const bytes = toBytes(key, 'key');
    checkLength('key', bytes.length);
    const output = this.calls.startKey();
    output.writeBytes(bytes);
    return output.position;
  }

  #writeKeyAndValue(key: BytesLike, value: BytesLike): number {
    const keyBytes = toBytes(key, 'key');
    const bytes = toBytes(value, 'value');
    checkRow(keyBytes.length, bytes.length);
    const keyEnd = this.#writeKey(keyBytes);
    this.calls.output.writeBytes(bytes);
    return keyEnd;
  }
}

function checkPath(path: string): void {
  if (typeof path !== 'string' || path === '') {
    throw typeError('ERR_INVALID_PATH', `The path must be a non-empty string; received ${describe(path)}.`);
  }
}

function toKeys(keys: readonly BytesLike[]): Uint8Array[] {
  return keys.map((key) => toBytes(key, 'key'));
}

function toValue(answer: KeyAnswer): Uint8Array | undefined {
  if (answer instanceof RocksDBError) {
    throw answer;
  }
  return answer;
}
