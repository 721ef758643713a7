// Point calls on one Db without copies: the key is in the call buffer, the value is written or read right behind it.
import { addon } from '../binding/load.ts';
import type { NativeDb, NativeValue } from '../binding/surface.ts';
import type { DataInput } from '../bytes/data-input.ts';
import type { DataOutput } from '../bytes/data-output.ts';
import { checkLength, checkRow, MAX_KEY_BYTES } from '../bytes/limits.ts';
import { CallBuffer, KEY_OFFSET } from './call-buffer.ts';
import { PrefixScan, type PrefixScanOptions } from './prefix-scan.ts';
import { ScanPages } from './scan-pages.ts';

// Taken out of the addon's object, in which each call would look them up anew.
const { get, put, merge, remove, takeRetained } = addon;

export class PointCalls {
  readonly #handle: number;
  readonly #pages = new ScanPages();
  /** Through which keys and values travel. */
  protected readonly buffer: CallBuffer;

  constructor(db: NativeDb) {
    this.#handle = db.handle;
    this.buffer = new CallBuffer((buffer) => db.attachBuffer(buffer));
  }

  /** Where keys begin in the output. */
  readonly keyOffset: number = KEY_OFFSET;

  /** Positioned for writing a key. */
  startKey(): DataOutput {
    this.buffer.shrink();
    const { output } = this.buffer;
    output.position = KEY_OFFSET;
    return output;
  }

  /** For writing a key's further parts, or a value behind the key. */
  get output(): DataOutput {
    return this.buffer.output;
  }

  /** The value, to be read before the next call; `undefined` when absent. */
  get(columnFamily: number, keyEnd: number, snapshot = 0): DataInput | undefined {
    this.#checkKey(keyEnd);
    this.buffer.setHeader(columnFamily, snapshot, keyEnd, keyEnd);
    return this.#deliver(get(this.#handle), keyEnd);
  }

  /** Goes behind what has not been read of a value, as `get` gave it, in the output: it is written again with what precedes it. */
  bringBehindKey(value: DataInput): void {
    this.output.position += value.remaining;
  }

  /** The rows whose keys start with what is written of a key, as of now. */
  scanPrefix(columnFamily: number, keyEnd: number, options: PrefixScanOptions): PrefixScan {
    this.#checkKey(keyEnd);
    this.buffer.setHeader(columnFamily, 0, keyEnd, keyEnd);
    const page = this.#pages.withRoom();
    const filled = addon.scanPrefix(this.#handle, page.bytes.buffer, page.used, options.keysOnly);
    const hasMore = filled < 0;
    const scan = new PrefixScan(page, hasMore ? -1 - filled : filled, keyEnd - KEY_OFFSET, options);
    if (hasMore) {
      scan.continueWith(addon.takeScan(this.#handle));
    }
    return scan;
  }

  /** Whether there is a row whose key starts with what is written of a key. */
  hasPrefix(columnFamily: number, keyEnd: number): boolean {
    this.#checkKey(keyEnd);
    this.buffer.setHeader(columnFamily, 0, keyEnd, keyEnd);
    return addon.hasPrefix(this.#handle);
  }

  /** The value, to be read in pieces, whatever its size; `undefined` when absent. */
  openValue(columnFamily: number, keyEnd: number): NativeValue | undefined {
    this.#checkKey(keyEnd);
    this.buffer.setHeader(columnFamily, 0, keyEnd, keyEnd);
    return addon.openValue(this.#handle);
  }

  /** A copy of the value of another key than the one in the call buffer, which stays. */
  getAside(columnFamily: number, key: Uint8Array): Uint8Array | undefined {
    return this.#aside(columnFamily, key, (keyEnd) => {
      const input = this.#deliver(get(this.#handle), keyEnd);
      return input?.readBytes(input.remaining);
    });
  }

  /** As {@link getAside}, to be read in pieces. */
  openValueAside(columnFamily: number, key: Uint8Array): NativeValue | undefined {
    return this.#aside(columnFamily, key, () => addon.openValue(this.#handle));
  }

  /** As {@link openValue}, read on a worker. What is in the call buffer stays. */
  openValueAsync(columnFamily: number, key: Uint8Array): Promise<NativeValue | undefined> {
    checkLength('key', key.length);
    this.buffer.setHeader(columnFamily, 0, KEY_OFFSET, KEY_OFFSET);
    return addon.openValueAsync(this.#handle, key);
  }

  /** The packed values of the packed keys in the key's place. */
  multiGet(columnFamily: number, keysEnd: number, snapshot = 0): DataInput {
    this.buffer.setHeader(columnFamily, snapshot, keysEnd, keysEnd);
    return this.#deliver(addon.multiGet(this.#handle), keysEnd) as DataInput;
  }

  /** Puts what is between `keyEnd` and the output's position. */
  put(columnFamily: number, keyEnd: number): void {
    this.#prepareWrite(columnFamily, keyEnd);
    put(this.#handle);
  }

  /** Merges what is between `keyEnd` and the output's position. */
  merge(columnFamily: number, keyEnd: number): void {
    this.#prepareWrite(columnFamily, keyEnd);
    merge(this.#handle);
  }

  remove(columnFamily: number, keyEnd: number): void {
    this.#checkKey(keyEnd);
    this.buffer.setHeader(columnFamily, 0, keyEnd, keyEnd);
    remove(this.#handle);
  }

  getAsync(columnFamily: number, keyEnd: number, snapshot = 0): Promise<Uint8Array | undefined> {
    this.#checkKey(keyEnd);
    this.buffer.setHeader(columnFamily, snapshot, keyEnd, keyEnd);
    return addon.getAsync(this.#handle);
  }

  /** The packed values of packed keys. What is in the call buffer stays. */
  multiGetAsync(columnFamily: number, packedKeys: Uint8Array, snapshot = 0): Promise<Uint8Array> {
    this.buffer.setHeader(columnFamily, snapshot, KEY_OFFSET, KEY_OFFSET);
    return addon.multiGetAsync(this.#handle, packedKeys);
  }

  putAsync(columnFamily: number, keyEnd: number): Promise<void> {
    this.#prepareWrite(columnFamily, keyEnd);
    return addon.putAsync(this.#handle);
  }

  mergeAsync(columnFamily: number, keyEnd: number): Promise<void> {
    this.#prepareWrite(columnFamily, keyEnd);
    return addon.mergeAsync(this.#handle);
  }

  removeAsync(columnFamily: number, keyEnd: number): Promise<void> {
    this.#checkKey(keyEnd);
    this.buffer.setHeader(columnFamily, 0, keyEnd, keyEnd);
    return addon.removeAsync(this.#handle);
  }

  /** Applies a batch in RocksDB's own format. */
  write(batch: Uint8Array): void {
    addon.write(this.#handle, batch);
  }

  writeAsync(batch: Uint8Array): Promise<void> {
    return addon.writeAsync(this.#handle, batch);
  }

  // What is written of the present key, and behind it, is kept.
  #aside<R>(columnFamily: number, key: Uint8Array, read: (keyEnd: number) => R): R {
    checkLength('key', key.length);
    const { output } = this.buffer;
    const start = output.position;
    try {
      output.writeBytes(key);
      this.buffer.setAside(columnFamily, start, output.position);
      return read(output.position);
    } finally {
      output.position = start;
    }
  }

  #prepareWrite(columnFamily: number, keyEnd: number): void {
    const valueEnd = this.buffer.output.position;
    checkRow(keyEnd - KEY_OFFSET, valueEnd - keyEnd);
    this.buffer.setHeader(columnFamily, 0, keyEnd, valueEnd);
  }

  #checkKey(keyEnd: number): void {
    if (keyEnd - KEY_OFFSET > MAX_KEY_BYTES) {
      checkLength('key', keyEnd - KEY_OFFSET);
    }
  }

  #deliver(length: number, offset: number): DataInput | undefined {
    if (length < 0) {
      return undefined;
    }
    if (length > this.buffer.roomFrom(offset)) {
      this.buffer.growValue(offset, length);
      takeRetained(this.#handle);
    }
    const { input } = this.buffer;
    input.setWindow(offset, offset + length);
    return input;
  }
}
