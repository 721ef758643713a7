// Bytes that come in chunks, read by whoever needs some of them at once. Nothing is allocated before it has come.

export class ByteQueue {
  /** Bytes that were taken so far. */
  taken = 0;
  #window: Uint8Array = new Uint8Array(0);
  #view: DataView = viewOf(this.#window);
  #position = 0;
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;

  /** Bytes that have come and were not taken. */
  get length(): number {
    return this.#window.length - this.#position + this.#waitingBytes;
  }

  /** Adds bytes. They are not copied, so they must not change until they are taken. */
  push(chunk: Uint8Array): void {
    this.#waiting.push(chunk);
    this.#waitingBytes += chunk.length;
  }

  /** Whether `length` bytes have come; then they can be read as one. */
  has(length: number): boolean {
    if (this.#window.length - this.#position >= length) {
      return true;
    }
    if (this.length < length) {
      return false;
    }
    this.#join();
    return true;
  }

  /** The byte `at` bytes from here, which must have come. */
  byteAt(at: number): number {
    return this.#window[this.#position + at] as number;
  }

  /** The integer `at` bytes from here, whose bytes must have come. */
  intAt(at: number): number {
    return this.#view.getInt32(this.#position + at);
  }

  unsignedShortAt(at: number): number {
    return this.#view.getUint16(this.#position + at);
  }

  /** Takes bytes, which must have come: a view. */
  take(length: number): Uint8Array {
    const start = this.#position;
    this.skip(length);
    return this.#window.subarray(start, start + length);
  }

  skip(length: number): void {
    this.#position += length;
    this.taken += length;
  }

  #join(): void {
    const rest = this.#window.subarray(this.#position);
    const [first] = this.#waiting;
    this.#window =
      rest.length === 0 && this.#waiting.length === 1 && first !== undefined
        ? first
        : Buffer.concat([rest, ...this.#waiting]);
    this.#view = viewOf(this.#window);
    this.#position = 0;
    this.#waiting = [];
    this.#waitingBytes = 0;
  }
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
