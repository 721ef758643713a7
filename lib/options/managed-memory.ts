// How a memory budget is split between block cache and memtables: Flink's formulas.
import { rangeError } from '../errors.ts';

/** A split budget, in bytes. */
export interface MemorySplit {
  /** Capacity of the block cache, which memtables are charged to as well. */
  readonly cacheBytes: number;
  /** Capacity of the write buffer manager. It may be exceeded by half, by memtables that are being flushed. */
  readonly writeBufferBytes: number;
}

/**
 * Splits a budget so that cache and memtables together stay within it, when memtables take one and a half times the
 * write buffer manager's capacity: `cache = (3 - ratio) × total / 3`, `write buffers = 2 × total × ratio / 3`, rounded down
 * (Flink's `RocksDBMemoryControllerUtils`).
 */
export function splitMemory(totalBytes: number, writeBufferRatio: number): MemorySplit {
  return {
    cacheBytes: Math.floor(((3 - writeBufferRatio) * totalBytes) / 3),
    writeBufferBytes: Math.floor((2 * totalBytes * writeBufferRatio) / 3),
  };
}

/** Memtable memory, in bytes, at which RocksDB begins to flush: seven eighths of the write buffer manager's capacity. */
export function mutableLimit(writeBufferManagerBytes: number): number {
  return Math.floor((writeBufferManagerBytes * 7) / 8);
}

const PAGE_BYTES = 4096;

/** Flink's estimate of the bytes by which a memtable grows: an eighth of its size, rounded up to pages. */
export function defaultArenaBlockSize(writeBufferBytes: number): number {
  return Math.ceil(Math.floor(writeBufferBytes / 8) / PAGE_BYTES) * PAGE_BYTES;
}

/** Whether memtables that grow by `arenaBlockBytes` can grow at all before they are flushed. */
export function validateArenaBlockSize(arenaBlockBytes: number, mutableLimitBytes: number): boolean {
  return arenaBlockBytes <= mutableLimitBytes;
}

const MOST_ARENA_BLOCK_BYTES = 1024 * 1024;
// Smaller ones RocksDB does not take.
const LEAST_ARENA_BLOCK_BYTES = PAGE_BYTES;
const MEMTABLES_WITHIN_BUDGET = 1024;

/**
 * Bytes by which memtables grow on a budget: RocksDB's own 1 MiB, unless 1024 memtables of one block each would exhaust it.
 * Every block counts against the budget from its first byte on, so with many states on a small budget large blocks would
 * be flushed nearly empty, again and again, and faster than they can be written. Small ones cost nothing
 * (`npm run bench -- arena-blocks`).
 */
export function arenaBlockSizeWithin(writeBufferManagerBytes: number, writeBufferBytes: number): number {
  const share = Math.floor(mutableLimit(writeBufferManagerBytes) / MEMTABLES_WITHIN_BUDGET / PAGE_BYTES) * PAGE_BYTES;
  return Math.min(
    MOST_ARENA_BLOCK_BYTES,
    defaultArenaBlockSize(writeBufferBytes),
    Math.max(LEAST_ARENA_BLOCK_BYTES, share),
  );
}

/**
 * Checks that write buffers and the high-priority pool leave room for blocks of data in the cache.
 *
 * @throws RangeError `ERR_INVALID_MEMORY_RATIO` when `2w / (3 - w) + p` is 1 or more.
 */
export function checkRatios(writeBufferRatio: number, highPriorityPoolRatio: number): void {
  const share = (2 * writeBufferRatio) / (3 - writeBufferRatio) + highPriorityPoolRatio;
  if (share >= 1) {
    throw rangeError(
      'ERR_INVALID_MEMORY_RATIO',
      `A write buffer ratio of ${writeBufferRatio} and a high-priority pool ratio of ${highPriorityPoolRatio} leave no room ` +
        `for blocks of data: 2w / (3 - w) + p must be less than 1, and is ${share.toFixed(2)}.`,
    );
  }
}
