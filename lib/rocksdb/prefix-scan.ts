// A cursor over the rows under a prefix, as of when it was made. Most end on their first page, which the call that opens
// the scan has filled; only for what goes on behind it is there a native scan. native/core/packed.h has a page's layout.
import type { NativeScan } from '../binding/surface.ts';
import type { DataInput } from '../bytes/data-input.ts';
import type { Entry } from './scan.ts';
import { PageBuffer } from './scan-pages.ts';

const LENGTHS_BYTES = 8;
const LARGEST_PAGE_BYTES = 256 * 1024;

/** What of the rows is read, and for how long. */
export interface PrefixScanOptions {
  /** Rows have empty values. */
  readonly keysOnly: boolean;
  /** Whether rows may be read after the cursor has moved on; else pages are used again. */
  readonly keepsRows: boolean;
}

/** Where a row's key is. */
export interface KeyPlace {
  readonly keyBuffer: Uint8Array;
  readonly keyStart: number;
  readonly keyEnd: number;
}

/** The present row, which {@link next} moves to. */
export class PrefixScan implements Entry, KeyPlace {
  /** Bytes of the prefix, which each row's key begins with. */
  readonly prefixBytes: number;
  #page: PageBuffer;
  #rest: NativeScan | undefined = undefined;
  readonly #keepsRows: boolean;
  #pageStart: number;
  #pageEnd: number;
  #keyStart = 0;
  #valueStart = 0;
  #end: number;

  /** @param filled - bytes of the first page, which is behind what is used of `page`. */
  constructor(page: PageBuffer, filled: number, prefixBytes: number, { keepsRows }: PrefixScanOptions) {
    this.prefixBytes = prefixBytes;
    this.#page = page;
    this.#keepsRows = keepsRows;
    this.#pageStart = page.used;
    this.#end = page.used;
    page.used += filled;
    this.#pageEnd = page.used;
  }

  /** What there is behind the first page. */
  continueWith(rest: NativeScan): void {
    this.#rest = rest;
  }

  /** Moves to the next row; at the end, when there is none, it closes the scan. */
  next(): boolean {
    if (this.#end === this.#pageEnd && !this.#fillPage()) {
      return false;
    }
    const start = this.#end;
    const { view } = this.#page;
    this.#keyStart = start + LENGTHS_BYTES;
    this.#valueStart = this.#keyStart + view.getUint32(start, true);
    this.#end = this.#valueStart + view.getUint32(start + 4, true);
    return true;
  }

  /** For reading what is behind the prefix in the row's key. All inputs that a scan gives are the same. */
  keyInput(): DataInput {
    const { input } = this.#page;
    input.setWindow(this.#keyStart + this.prefixBytes, this.#valueStart);
    return input;
  }

  /** For reading the row's value. */
  valueInput(): DataInput {
    const { input } = this.#page;
    input.setWindow(this.#valueStart, this.#end);
    return input;
  }

  /** Holds the row's key for as long as rows are kept. */
  get keyBuffer(): Uint8Array {
    return this.#page.bytes;
  }

  get keyStart(): number {
    return this.#keyStart;
  }

  get keyEnd(): number {
    return this.#valueStart;
  }

  /** A copy. */
  get key(): Uint8Array {
    return this.#page.bytes.slice(this.#keyStart, this.#valueStart);
  }

  /** A copy. */
  get value(): Uint8Array {
    return this.#page.bytes.slice(this.#valueStart, this.#end);
  }

  /** Gives up what is held; there is no further row. Idempotent. */
  close(): void {
    this.#rest?.close();
    this.#rest = undefined;
    this.#leavePage();
    this.#end = this.#pageEnd;
  }

  // The last page in a buffer makes room for others.
  #leavePage(): void {
    if (!this.#keepsRows && this.#page.used === this.#pageEnd) {
      this.#page.used = this.#pageStart;
    }
    this.#pageStart = this.#pageEnd;
  }

  // A negative answer is the size of an entry that did not fit.
  #fillPage(): boolean {
    const rest = this.#rest;
    this.#leavePage();
    let filled = 0;
    if (rest !== undefined) {
      let page = this.#nextPage();
      filled = rest.nextPage(page.bytes);
      if (filled < 0) {
        page = new PageBuffer(-filled);
        filled = rest.nextPage(page.bytes);
      }
      this.#page = page;
      this.#end = 0;
      this.#pageEnd = filled;
    }
    if (filled === 0) {
      this.close();
    }
    return filled > 0;
  }

  #nextPage(): PageBuffer {
    const { length } = this.#page.bytes;
    if (this.#keepsRows) {
      return new PageBuffer();
    }
    return length < LARGEST_PAGE_BYTES ? new PageBuffer(Math.min(2 * length, LARGEST_PAGE_BYTES)) : this.#page;
  }
}
