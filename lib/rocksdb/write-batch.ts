// Updates that are applied together. The batch is built in RocksDB's own format, so native takes it as it is: see `batch-format.ts`.
import { DataOutput } from '../bytes/data-output.ts';
import { checkLength, checkRow, MAX_BUFFER_BYTES } from '../bytes/limits.ts';
import { COUNT_OFFSET, HEADER_BYTES, TAG_DELETE, TAG_DELETE_RANGE, TAG_MERGE, TAG_PUT } from './batch-format.ts';
import { type BytesLike, toBytes } from './bytes-like.ts';
import type { ColumnFamily } from './column-family.ts';

// Of one record: a tag and three varints.
const MAX_HEADER_BYTES = 16;
const VARINT_BITS = 7;

/** Collects updates of one database; `RocksDB.write` applies all of them or none. */
export class WriteBatch {
  readonly #output = new DataOutput(new Uint8Array(256), MAX_BUFFER_BYTES);
  #count = 0;
  // Of the key or value that is being written: where its length goes.
  #lengthAt = 0;

  constructor() {
    this.clear();
  }

  /** Number of updates. */
  get count(): number {
    return this.#count;
  }

  /** Size of the batch, in bytes. */
  get sizeBytes(): number {
    return this.#output.position;
  }

  put(columnFamily: ColumnFamily, key: BytesLike, value: BytesLike): this {
    return this.#add(TAG_PUT, columnFamily, key, value);
  }

  merge(columnFamily: ColumnFamily, key: BytesLike, operand: BytesLike): this {
    return this.#add(TAG_MERGE, columnFamily, key, operand);
  }

  delete(columnFamily: ColumnFamily, key: BytesLike): this {
    return this.#add(TAG_DELETE, columnFamily, key);
  }

  /** Deletes the keys from `lower` up to `upper` (exclusive). */
  deleteRange(columnFamily: ColumnFamily, lower: BytesLike, upper: BytesLike): this {
    checkLength('key', toBytes(upper, 'upper bound').length);
    return this.#add(TAG_DELETE_RANGE, columnFamily, lower, upper);
  }

  /** Drops all updates. */
  clear(): void {
    this.#count = 0;
    this.#output.bytes.fill(0, 0, HEADER_BYTES);
    this.#output.position = HEADER_BYTES;
  }

  /**
   * @internal Begins a put: the key is to be written to the output that this answers; then comes {@link startValue}, the value,
   * and {@link endPut}. A batch in which one was begun and not ended can only be cleared.
   */
  startPut(columnFamily: ColumnFamily): DataOutput {
    const output = this.#output;
    output.writeByte(TAG_PUT);
    output.writeVarint(columnFamily.number);
    this.#startField();
    return output;
  }

  /** @internal */
  startValue(): void {
    this.#endField('key');
    this.#startField();
  }

  /** @internal */
  endPut(): void {
    this.#endField('value');
    this.#count++;
  }

  /** @internal The batch in RocksDB's format; valid until the next change. */
  encoded(): Uint8Array {
    const output = this.#output;
    const end = output.position;
    output.position = COUNT_OFFSET;
    output.writeIntLittleEndian(this.#count);
    output.position = end;
    return output.bytes.subarray(0, end);
  }

  #startField(): void {
    this.#lengthAt = this.#output.position;
    this.#output.writeByte(0);
  }

  // A byte was left for the length; bytes move where it takes more.
  #endField(what: 'key' | 'value'): void {
    const output = this.#output;
    const start = this.#lengthAt + 1;
    const length = output.position - start;
    checkLength(what, length);
    const more = varintBytes(length) - 1;
    if (more > 0) {
      output.reserve(more);
      output.bytes.copyWithin(start + more, start, output.position);
    }
    output.position = this.#lengthAt;
    output.writeVarint(length);
    output.position += length;
  }

  #add(tag: number, columnFamily: ColumnFamily, key: BytesLike, value?: BytesLike): this {
    const keyBytes = toBytes(key, 'key');
    const valueBytes = value === undefined ? undefined : toBytes(value, 'value');
    checkRow(keyBytes.length, valueBytes?.length ?? 0);
    const output = this.#output;
    // A batch that can't take the whole record stays as it is.
    output.reserve(MAX_HEADER_BYTES + keyBytes.length + (valueBytes?.length ?? 0));
    output.writeByte(tag);
    output.writeVarint(columnFamily.number);
    output.writeVarint(keyBytes.length);
    output.writeBytes(keyBytes);
    if (valueBytes !== undefined) {
      output.writeVarint(valueBytes.length);
      output.writeBytes(valueBytes);
    }
    this.#count++;
    return this;
  }
}

function varintBytes(value: number): number {
  let bytes = 1;
  for (let rest = value >>> VARINT_BITS; rest > 0; rest >>>= VARINT_BITS) {
    bytes++;
  }
  return bytes;
}
