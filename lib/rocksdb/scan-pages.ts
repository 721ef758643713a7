// Where the first pages of scans of a prefix are: one behind the other in a buffer, which is replaced when it is full and
// stays with whoever still reads in it.
import { DataInput } from '../bytes/data-input.ts';

// A row that somebody keeps, as an entry of a map may be, keeps that much in memory.
const BUFFER_BYTES = 16 * 1024;
// More than most maps have, so that one page is all.
const LEAST_PAGE_BYTES = 4 * 1024;

/** Bytes of pages, and what reads them. */
export class PageBuffer {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly input: DataInput;
  /** Where the next page begins. */
  used = 0;

  constructor(length: number = BUFFER_BYTES) {
    this.bytes = new Uint8Array(length);
    this.view = new DataView(this.bytes.buffer);
    this.input = new DataInput(this.bytes);
  }
}

export class ScanPages {
  #present = new PageBuffer();

  /** A buffer with room for a page behind what is used. */
  withRoom(): PageBuffer {
    if (this.#present.bytes.length - this.#present.used < LEAST_PAGE_BYTES) {
      this.#present = new PageBuffer();
    }
    return this.#present;
  }
}
