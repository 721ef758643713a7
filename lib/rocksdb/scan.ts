// Iteration over a key range, page by page: one native call brings many entries.
import type { NativeScan } from '../binding/surface.ts';
import { checkLength } from '../bytes/limits.ts';
import { type BytesLike, prefixEnd, toBytes } from './bytes-like.ts';
import type { ColumnFamily } from './column-family.ts';
import type { Snapshot } from './snapshot.ts';

// Short scans are common, so the first page is small; each further one doubles.
const FIRST_PAGE_BYTES = 4 * 1024;
const LARGEST_PAGE_BYTES = 256 * 1024;
const LENGTHS_BYTES = 8;

/** What to scan. Without bounds or prefix: everything. */
export interface ScanOptions {
  /** Default: the default family. */
  readonly columnFamily?: ColumnFamily;
  /** First key, inclusive. */
  readonly lower?: BytesLike;
  /** Last key, exclusive. */
  readonly upper?: BytesLike;
  /** Only keys that start with it; not together with `lower` or `upper`. */
  readonly prefix?: BytesLike;
  /** From the last key to the first. Default false. */
  readonly backward?: boolean;
  /** Entries have empty values, which need not be read. Default false. */
  readonly keysOnly?: boolean;
  /** Keep the blocks read in the cache. Default true; set it to false for a scan of everything, once. */
  readonly fillCache?: boolean;
  /** Default: the state as of the scan's creation. */
  readonly snapshot?: Snapshot;
}

/** A key and its value; both are the reader's to keep. */
export interface Entry {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

/** The bounds that a scan's options describe. */
export function scanBounds(options: ScanOptions): { lower: Uint8Array | undefined; upper: Uint8Array | undefined } {
  if (options.prefix !== undefined) {
    const prefix = toBound(options.prefix, 'prefix');
    return { lower: prefix, upper: prefixEnd(prefix) };
  }
  return {
    lower: options.lower === undefined ? undefined : toBound(options.lower, 'lower bound'),
    upper: options.upper === undefined ? undefined : toBound(options.upper, 'upper bound'),
  };
}

function toBound(bound: BytesLike, what: string): Uint8Array {
  const bytes = toBytes(bound, what);
  checkLength('key', bytes.length);
  return bytes;
}

/**
 * Entries in byte order of their keys. Iterate it once, with `for … of` (pages are filled on this thread, in microseconds
 * when cached) or `for await … of` (pages are filled on a worker). Leaving the loop closes the scan.
 */
export class Scan implements Iterable<Entry>, AsyncIterable<Entry>, Disposable {
  readonly #native: NativeScan;
  #page = new Uint8Array(FIRST_PAGE_BYTES);

  /** @internal */
  constructor(native: NativeScan) {
    this.#native = native;
  }

  *[Symbol.iterator](): Generator<Entry, void, void> {
    try {
      for (;;) {
        const filled = this.#native.nextPage(this.#page);
        if (filled === 0) {
          return;
        }
        yield* this.#entries(filled);
        this.#growAfter(filled);
      }
    } finally {
      this.close();
    }
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Entry, void, void> {
    try {
      for (;;) {
        const filled = await this.#native.nextPageAsync(this.#page);
        if (filled === 0) {
          return;
        }
        yield* this.#entries(filled);
        this.#growAfter(filled);
      }
    } finally {
      this.close();
    }
  }

  /**
   * @internal Fills a page with whole entries, packed as native/core/packed.h says. Answers the bytes written, 0 at the end, or
   * minus the bytes that the next entry needs.
   */
  nextPage(page: Uint8Array): number {
    return this.#native.nextPage(page);
  }

  /** Gives the scan's iterator up; further pages fail with `ERR_ROCKSDB_CLOSED`. Idempotent. */
  close(): void {
    this.#native.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  *#entries(filled: number): Generator<Entry, void, void> {
    const page = this.#page;
    const view = new DataView(page.buffer);
    let position = 0;
    while (position < filled) {
      const keyStart = position + LENGTHS_BYTES;
      const valueStart = keyStart + view.getUint32(position, true);
      const end = valueStart + view.getUint32(position + 4, true);
      yield { key: page.slice(keyStart, valueStart), value: page.slice(valueStart, end) };
      position = end;
    }
  }

  // A negative answer is the size of an entry that did not fit.
  #growAfter(filled: number): void {
    const wanted = filled < 0 ? -filled : Math.min(2 * this.#page.length, LARGEST_PAGE_BYTES);
    if (wanted > this.#page.length) {
      this.#page = new Uint8Array(wanted);
    }
  }
}
