// Bytes as strings of characters 0 to 255: small on the heap, quick to compare and to hash, and in byte order.
import type { DataOutputView } from '../api/type-information.ts';
import { DataInput } from '../bytes/data-input.ts';
import { DataOutput } from '../bytes/data-output.ts';
import { HASH_SEED, mixed, withWord } from '../bytes/secret-hash.ts';

const INITIAL_BYTES = 256;
const KEPT_BYTES = 1024 * 1024;
// Up to here a loop is faster than a Buffer.
const SHORT_TEXT = 48;

/** A scratch output of which the written bytes can be taken as text. */
export class TextOutput {
  readonly output: DataOutput;
  #buffer: Buffer = Buffer.alloc(INITIAL_BYTES);

  constructor() {
    this.output = new DataOutput(bytesOf(this.#buffer), (needed, used) => {
      const larger = Buffer.alloc(Math.max(needed, 2 * this.#buffer.length));
      larger.set(this.#buffer.subarray(0, used));
      this.#buffer = larger;
      return bytesOf(larger);
    });
  }

  /** Begins anew. */
  start(): DataOutput {
    this.output.position = 0;
    if (this.#buffer.length > KEPT_BYTES) {
      this.#buffer = Buffer.alloc(INITIAL_BYTES);
      this.output.replace(bytesOf(this.#buffer));
    }
    return this.output;
  }

  /** What was written from a position on. */
  textFrom(position: number): string {
    return this.textBetween(position, this.output.position);
  }

  /** What was written from a position up to another one. */
  textBetween(start: number, end: number): string {
    return this.#buffer.toString('latin1', start, end);
  }

  /** Whether a text is what was written from a position up to another one. */
  hasText(start: number, end: number, text: string): boolean {
    if (text.length !== end - start) {
      return false;
    }
    const { bytes } = this.output;
    for (let i = 0; i < text.length; i++) {
      if (bytes[start + i] !== text.charCodeAt(i)) {
        return false;
      }
    }
    return true;
  }

  /** {@link hashOf} what was written from a position on. */
  hashFrom(start: number): number {
    const { bytes, position } = this.output;
    let hash = HASH_SEED;
    let i = start;
    for (; i + 4 <= position; i += 4) {
      hash = withWord(
        hash,
        ((bytes[i] as number) << 24) |
          ((bytes[i + 1] as number) << 16) |
          ((bytes[i + 2] as number) << 8) |
          (bytes[i + 3] as number),
      );
    }
    for (; i < position; i++) {
      hash = withWord(hash, bytes[i] as number);
    }
    return mixed(hash);
  }
}

// The same bytes without Buffer's own `slice`, which does not copy.
function bytesOf(buffer: Buffer): Uint8Array {
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.length);
}

/** The bytes of a text, to be read. */
export function inputOf(text: string): DataInput {
  return new DataInput(bytesOf(Buffer.from(text, 'latin1')));
}

/** Bytes as a text. */
export function textOf(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1');
}

/** Writes the bytes of a text. */
export function writeText(text: string, output: DataOutputView): void {
  if (text.length > SHORT_TEXT) {
    output.writeBytes(Buffer.from(text, 'latin1'));
    return;
  }
  for (let i = 0; i < text.length; i++) {
    output.writeByte(text.charCodeAt(i));
  }
}

/** 32 bits, from a seed: four bytes at a time, what is left of them one by one; mixed at the end so that every bit counts. */
export function hashOf(text: string): number {
  let hash = HASH_SEED;
  let i = 0;
  for (; i + 4 <= text.length; i += 4) {
    hash = withWord(
      hash,
      (text.charCodeAt(i) << 24) |
        (text.charCodeAt(i + 1) << 16) |
        (text.charCodeAt(i + 2) << 8) |
        text.charCodeAt(i + 3),
    );
  }
  for (; i < text.length; i++) {
    hash = withWord(hash, text.charCodeAt(i));
  }
  return mixed(hash);
}
