// A window over bytes that serializers read from, big-endian.
import type { DataInputView } from '../api/type-information.ts';
import { SerializationError } from '../errors.ts';

export class DataInput implements DataInputView {
  position = 0;
  #end = 0;
  #bytes: Uint8Array;
  #view: DataView;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#end = bytes.length;
  }

  /** Reads from another buffer from now on. */
  replace(bytes: Uint8Array): void {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.setWindow(0, bytes.length);
  }

  /** Limits reading to the bytes from `start` up to `end` (exclusive). */
  setWindow(start: number, end: number): void {
    this.position = start;
    this.#end = end;
  }

  get remaining(): number {
    return this.#end - this.position;
  }

  get bytes(): Uint8Array {
    return this.#bytes;
  }

  readByte(): number {
    return this.#bytes[this.#take(1)] as number;
  }

  readShort(): number {
    return this.#view.getInt16(this.#take(2));
  }

  readInt(): number {
    return this.#view.getInt32(this.#take(4));
  }

  readIntLittleEndian(): number {
    return this.#view.getInt32(this.#take(4), true);
  }

  readLong(): bigint {
    return this.#view.getBigInt64(this.#take(8));
  }

  readFloat(): number {
    return this.#view.getFloat32(this.#take(4));
  }

  readDouble(): number {
    return this.#view.getFloat64(this.#take(8));
  }

  readBytes(length: number): Uint8Array {
    const start = this.#take(length);
    // Not slice(): that of a Buffer is a view.
    return new Uint8Array(this.#bytes.subarray(start, start + length));
  }

  /** As `readBytes`, without a copy: it changes with what it was read from, and keeps that in memory. */
  viewBytes(length: number): Uint8Array {
    const start = this.#take(length);
    return this.#bytes.subarray(start, start + length);
  }

  readVarint(): number {
    let value = 0;
    let shift = 0;
    for (;;) {
      const byte = this.readByte();
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) {
        return value >>> 0;
      }
      shift += 7;
      if (shift > 28) {
        throw new SerializationError(`A varint at byte ${this.position} is longer than 5 bytes.`);
      }
    }
  }

  #take(length: number): number {
    const start = this.position;
    if (length < 0 || start + length > this.#end) {
      throw this.#tooShort(length);
    }
    this.position = start + length;
    return start;
  }

  // A function of its own, so that what is read often stays small enough to be compiled into its callers.
  #tooShort(length: number): SerializationError {
    return new SerializationError(`${length} bytes were to be read, but only ${this.remaining} are left.`);
  }
}
