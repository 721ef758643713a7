// Which memory the databases of a backend share, and how much it is.
import type { ReadableConfig } from '../config/configuration.ts';
import { describe, rangeError } from '../errors.ts';
import { checkRatios, type MemorySplit, splitMemory } from './managed-memory.ts';
import type { RocksDBMemoryConfiguration } from './memory-configuration.ts';
import { managedMemoryOfSlot } from './process-memory.ts';
import { TaskManagerOptions } from './process-memory-options.ts';
import { RocksDBOptions } from './rocksdb-backend-options.ts';

/** Memory to share; it is `undefined` where every column family is to have a block cache of its own. */
export interface MemorySelection extends MemorySplit {
  readonly kind: 'managed' | 'fixed-per-slot' | 'fixed-per-tm';
  /** The budget that is split, in bytes. */
  readonly totalBytes: number;
  readonly highPriorityRatio: number;
  readonly partitionedIndexFilters: boolean;
}

/**
 * Selects as Flink does: a fixed budget of the slot, else its managed memory, else a fixed budget of the process, whose
 * ratios are those of the configuration alone; else none.
 *
 * @param managedBytes - of the slot, where the caller knows it.
 * @throws RangeError `ERR_INVALID_MANAGED_MEMORY` when a slot has none.
 */
export function selectMemory(
  memory: RocksDBMemoryConfiguration,
  config: ReadableConfig,
  managedBytes: number | undefined,
): MemorySelection | undefined {
  const ofSlot = {
    writeBufferRatio: memory.getWriteBufferRatio(),
    highPriorityRatio: memory.getHighPriorityPoolRatio(),
    partitionedIndexFilters: memory.isUsingPartitionedIndexFilters(),
  };
  const perSlot = memory.getFixedMemoryPerSlot();
  if (perSlot !== undefined) {
    return selection('fixed-per-slot', perSlot, ofSlot);
  }
  if (memory.isUsingManagedMemory()) {
    return selection('managed', checkManaged(managedBytes ?? managedMemoryOfSlot(config)), ofSlot);
  }
  const perProcess = config.get(RocksDBOptions.FIX_PER_TM_MEMORY_SIZE) ?? 0;
  if (perProcess > 0) {
    return selection('fixed-per-tm', perProcess, {
      writeBufferRatio: config.get(RocksDBOptions.WRITE_BUFFER_RATIO),
      highPriorityRatio: config.get(RocksDBOptions.HIGH_PRIORITY_POOL_RATIO),
      partitionedIndexFilters: config.get(RocksDBOptions.USE_PARTITIONED_INDEX_FILTERS),
    });
  }
  return undefined;
}

// RocksDB takes a limit of 0 for no limit.
function checkManaged(bytes: number): number {
  if (Number.isSafeInteger(bytes) && bytes > 0) {
    return bytes;
  }
  throw rangeError(
    'ERR_INVALID_MANAGED_MEMORY',
    `The managed memory of a slot must be a number of bytes, more than 0; received ${describe(bytes)}. Give the slot ` +
      `managedMemoryBytes, set '${TaskManagerOptions.MANAGED_MEMORY_SIZE.key}', or switch ` +
      `'${RocksDBOptions.USE_MANAGED_MEMORY.key}' off.`,
  );
}

interface Ratios {
  readonly writeBufferRatio: number;
  readonly highPriorityRatio: number;
  readonly partitionedIndexFilters: boolean;
}

function selection(kind: MemorySelection['kind'], totalBytes: number, ratios: Ratios): MemorySelection {
  checkRatios(ratios.writeBufferRatio, ratios.highPriorityRatio);
  const { highPriorityRatio, partitionedIndexFilters, writeBufferRatio } = ratios;
  return { kind, totalBytes, highPriorityRatio, partitionedIndexFilters, ...splitMemory(totalBytes, writeBufferRatio) };
}
