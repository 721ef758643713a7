// The ArrayBuffer through which the keys and values of point calls travel, and its header.
//
//   bytes 0..23   header, six 32-bit integers in machine order: column family, snapshot (0 = none), key offset,
//                 key length, value offset, value length (native/binding/db_slot.h reads it)
//   from 64       the key; the value to write follows it, and a value read is put in the same place
import { DataInput } from '../bytes/data-input.ts';
import { DataOutput } from '../bytes/data-output.ts';
import { grownLength, MAX_BUFFER_BYTES } from '../bytes/limits.ts';

/** Where keys begin. */
export const KEY_OFFSET = 64;

const WORD_BYTES = 4;
const INITIAL_BYTES = 16 * 1024;
// A buffer that one large value made larger than this is given back when the next key is begun.
const KEEP_BYTES = 4 * 1024 * 1024;

export class CallBuffer {
  /** Writes keys and values into the buffer. */
  readonly output: DataOutput;
  /** Reads values from the buffer. */
  readonly input: DataInput;
  // All of the buffer, which begins with the header.
  #words: Int32Array;
  readonly #attach: (buffer: ArrayBuffer) => void;

  /** @param attach - tells native which buffer to use from now on. */
  constructor(attach: (buffer: ArrayBuffer) => void) {
    const bytes = new Uint8Array(INITIAL_BYTES);
    this.#attach = attach;
    this.#words = wordsOf(bytes);
    this.output = new DataOutput(bytes, (needed, used) => this.#grown(needed, used));
    this.input = new DataInput(bytes);
    attach(bytes.buffer);
  }

  get bytes(): Uint8Array {
    return this.output.bytes;
  }

  /** All bytes as 32-bit integers in machine order. */
  get words(): Int32Array {
    return this.#words;
  }

  /** Bytes from `offset` to the end of the buffer. */
  roomFrom(offset: number): number {
    return this.output.bytes.length - offset;
  }

  /** Describes the next call: the key ends at `keyEnd`, where the value begins, which ends at `valueEnd`. */
  setHeader(columnFamily: number, snapshot: number, keyEnd: number, valueEnd: number): void {
    const header = this.#words;
    header[0] = columnFamily;
    header[1] = snapshot;
    header[2] = KEY_OFFSET;
    header[3] = keyEnd - KEY_OFFSET;
    header[4] = keyEnd;
    header[5] = valueEnd - keyEnd;
  }

  /** As {@link setHeader}, of a read whose key is not where keys begin: from `keyStart` on, with the value behind it. */
  setAside(columnFamily: number, keyStart: number, keyEnd: number): void {
    this.setHeader(columnFamily, 0, keyEnd, keyEnd);
    this.#words[2] = keyStart;
    this.#words[3] = keyEnd - keyStart;
  }

  /** Makes room for `length` bytes from `offset` on; header and key stay as they are. */
  growValue(offset: number, length: number): void {
    this.output.replace(this.#grown(offset + length, offset));
  }

  /** Gives back a buffer that a large value made outsized. What was in it is lost. */
  shrink(): void {
    if (this.output.bytes.length > KEEP_BYTES) {
      this.output.replace(this.#allocate(INITIAL_BYTES, KEY_OFFSET));
    }
  }

  #grown(needed: number, used: number): Uint8Array {
    return this.#allocate(grownLength(this.output.bytes.length, needed, MAX_BUFFER_BYTES), used);
  }

  // The input follows at once, the output by the caller (it may be the output itself that asks).
  #allocate(length: number, used: number): Uint8Array {
    const bytes = new Uint8Array(Math.ceil(length / WORD_BYTES) * WORD_BYTES);
    bytes.set(this.output.bytes.subarray(0, used));
    this.#attach(bytes.buffer);
    this.#words = wordsOf(bytes);
    this.input.replace(bytes);
    return bytes;
  }
}

function wordsOf(bytes: Uint8Array): Int32Array {
  return new Int32Array(bytes.buffer, 0, bytes.length / WORD_BYTES);
}
