// Filter policies of tables.

/** Something that holds resources until it is closed. */
export interface Closeable {
  close(): unknown;
}

/** A filter policy: what lets a read skip files that do not have its key. */
export interface FilterPolicy {
  /** As RocksDB writes it. */
  readonly definition: string;
}

/**
 * A Bloom filter of `bitsPerKey` bits for each key: 10 bits let one read in a hundred pass in vain.
 *
 * @example
 * ```ts
 * new BlockBasedTableConfig().setFilterPolicy(new BloomFilter(10));
 * ```
 */
export class BloomFilter implements FilterPolicy, Closeable {
  readonly definition: string;

  /** `useBlockBasedMode` is taken for the sake of ported programs: RocksDB writes full filters in any case. */
  constructor(bitsPerKey = 10, useBlockBasedMode = false) {
    this.definition = `bloomfilter:${bitsPerKey}:${useBlockBasedMode}`;
  }

  /** Does nothing: there is no native object yet. It is here as ported factories hand filters to `handlesToClose`. */
  close(): void {}
}

/** A Ribbon filter: as exact as a Bloom filter of `bloomEquivalentBitsPerKey`, 30 % smaller, and slower to build. */
export class RibbonFilter implements FilterPolicy {
  readonly definition: string;

  constructor(bloomEquivalentBitsPerKey = 10) {
    this.definition = `ribbonfilter:${bloomEquivalentBitsPerKey}`;
  }
}
