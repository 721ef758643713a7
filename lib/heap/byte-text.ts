// Bytes as strings of characters 0 to 255: small on the heap, quick to compare and to hash, and in byte order.
import { randomInt } from 'node:crypto';
import type { DataOutputView } from '../api/type-information.ts';
import { DataInput } from '../bytes/data-input.ts';
import { DataOutput } from '../bytes/data-output.ts';

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
    return this.#buffer.toString('latin1', position, this.output.position);
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

// Of this process, so that nobody can prepare keys that all have one hash.
const HASH_SEED = randomInt(2 ** 32) | 0;

/** 32 bits: FNV-1a from a seed, mixed at the end so that every bit counts. */
export function hashOf(text: string): number {
  let hash = HASH_SEED;
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
