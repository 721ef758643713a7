// A growing buffer that serializers write into, big-endian.
import type { DataOutputView } from '../api/type-information.ts';
import { grownLength, MAX_BYTES } from './limits.ts';

/** Makes a larger buffer that starts with the first `used` bytes of the present one. */
export type Grow = (needed: number, used: number) => Uint8Array;

export class DataOutput implements DataOutputView {
  /** Where the next byte goes. */
  position = 0;
  #bytes: Uint8Array;
  #view: DataView;
  readonly #grow: Grow;

  /** @param growth - how to grow, or how long the buffer may become; as long as a value by default. */
  constructor(bytes: Uint8Array = new Uint8Array(128), growth: Grow | number = MAX_BYTES) {
    this.#bytes = bytes;
    this.#view = viewOf(bytes);
    this.#grow = typeof growth === 'function' ? growth : (needed, used) => grown(this.#bytes, needed, used, growth);
  }

  /** The whole buffer, of which the first `position` bytes are written. */
  get bytes(): Uint8Array {
    return this.#bytes;
  }

  /** A copy of what is written, from `start` on. */
  copy(start = 0): Uint8Array {
    // Not slice(): that of a Buffer is a view.
    return new Uint8Array(this.#bytes.subarray(start, this.position));
  }

  /**
   * Makes room for `length` more bytes, and replaces the buffer when there is none.
   *
   * @throws RocksDBError `ERR_ROCKSDB_TOO_LARGE` when the buffer may not be so long; nothing is written then.
   */
  reserve(length: number): void {
    if (this.position + length > this.#bytes.length) {
      this.replace(this.#grow(this.position + length, this.position));
    }
  }

  /** The buffer, with room for `length` more bytes, to be written directly, from the position on. */
  viewOfNext(length: number): DataView {
    this.reserve(length);
    return this.#view;
  }

  /** Goes on in another buffer, which holds the same bytes up to the position. */
  replace(bytes: Uint8Array): void {
    this.#bytes = bytes;
    this.#view = viewOf(bytes);
  }

  writeByte(value: number): void {
    this.reserve(1);
    this.#bytes[this.position++] = value;
  }

  writeShort(value: number): void {
    this.reserve(2);
    this.#view.setInt16(this.position, value);
    this.position += 2;
  }

  writeInt(value: number): void {
    this.reserve(4);
    this.#view.setInt32(this.position, value);
    this.position += 4;
  }

  writeIntLittleEndian(value: number): void {
    this.reserve(4);
    this.#view.setInt32(this.position, value, true);
    this.position += 4;
  }

  writeLong(value: bigint): void {
    this.reserve(8);
    this.#view.setBigInt64(this.position, value);
    this.position += 8;
  }

  writeFloat(value: number): void {
    this.reserve(4);
    this.#view.setFloat32(this.position, value);
    this.position += 4;
  }

  writeDouble(value: number): void {
    this.reserve(8);
    this.#view.setFloat64(this.position, value);
    this.position += 8;
  }

  writeBytes(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    this.#bytes.set(bytes, this.position);
    this.position += bytes.length;
  }

  writeVarint(value: number): void {
    this.reserve(5);
    let rest = value;
    while (rest > 0x7f) {
      this.#bytes[this.position++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    this.#bytes[this.position++] = rest;
  }
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function grown(bytes: Uint8Array, needed: number, used: number, limit: number): Uint8Array {
  const larger = new Uint8Array(grownLength(bytes.length, needed, limit));
  larger.set(bytes.subarray(0, used));
  return larger;
}
