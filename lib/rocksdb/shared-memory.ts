// One memory budget for many databases.
import type { MemoryUsage } from '../api/backend.ts';
import { addon } from '../binding/load.ts';
import type { NativeSharedMemory } from '../binding/surface.ts';
import { describe, rangeError } from '../errors.ts';

/** Limits of a {@link SharedMemory}. */
export interface SharedMemoryLimits {
  /** Capacity of the LRU block cache, which memtables are charged to as well, in bytes. */
  readonly cacheBytes: number;
  /** Memtable memory, over all databases, at which flushing begins, in bytes. */
  readonly writeBufferBytes: number;
  /** Share of the cache, 0 to 1, kept for index and filter blocks. Default 0. */
  readonly highPriorityRatio?: number;
  /** Reads fail rather than exceed the capacity. Default false. */
  readonly strictCapacity?: boolean;
  /**
   * Memory with a name is shared with all threads of the process that use the name; the first decides the limits. Default:
   * it is shared with nobody.
   */
  readonly name?: string | undefined;
}

/**
 * An LRU block cache and a write buffer manager charged to it, shared by the databases opened with it. The budget is
 * kept by flushing early; writers are never stalled for it. Files below level 0 are given filters, where a `filter_policy` asks for them,
 * as long as those of all rows, at 10 bits each, would fit in a quarter of the cache.
 */
export class SharedMemory {
  /** @internal */
  readonly native: NativeSharedMemory;

  /** @throws RangeError `ERR_INVALID_MEMORY_LIMIT` for a limit that is no size or no ratio. */
  constructor(limits: SharedMemoryLimits) {
    const { cacheBytes, writeBufferBytes, highPriorityRatio = 0, strictCapacity = false, name } = limits;
    checkSize('cacheBytes', cacheBytes);
    checkSize('writeBufferBytes', writeBufferBytes);
    if (!(highPriorityRatio >= 0 && highPriorityRatio <= 1)) {
      throw rangeError(
        'ERR_INVALID_MEMORY_LIMIT',
        `highPriorityRatio must be from 0 to 1; received ${describe(highPriorityRatio)}.`,
      );
    }
    this.native = new addon.SharedMemory({ cacheBytes, writeBufferBytes, highPriorityRatio, strictCapacity, name });
  }

  /** What is in use now, in bytes. @throws RocksDBError `ERR_ROCKSDB_CLOSED` after {@link close}. */
  usage(): MemoryUsage {
    return this.native.usage();
  }

  /** Frees the memory when the last database that uses it is closed, rather than when it is collected. Idempotent. */
  close(): void {
    this.native.close();
  }
}

function checkSize(name: string, bytes: number): void {
  if (!Number.isSafeInteger(bytes) || bytes < 0) {
    throw rangeError(
      'ERR_INVALID_MEMORY_LIMIT',
      `${name} must be a number of bytes, 0 or more; received ${describe(bytes)}.`,
    );
  }
}
