// Memory that keyed backends share: made by the first that asks for it, freed with the last.
import type { TaskSlot } from '../api/backend.ts';
import { SharedMemory, type SharedMemoryLimits } from '../rocksdb/shared-memory.ts';

/** Which memory it is: a slot's managed memory, its fixed memory, or the fixed memory of the process. */
export interface MemoryScope {
  readonly kind: 'managed' | 'fixed-per-slot' | 'fixed-per-tm';
  readonly slot: TaskSlot;
}

/** A share in memory; it is freed when the last of its leases is released. */
export interface MemoryLease {
  readonly memory: SharedMemory;
  readonly limits: SharedMemoryLimits;
  /** Idempotent. */
  release(): void;
}

interface Held extends Omit<MemoryLease, 'release'> {
  leases: number;
}

/** Stands for the process: the slot of backends that name none, and the owner of what all slots share. */
export const PROCESS_SLOT: TaskSlot = {};

const heldBySlot = new WeakMap<TaskSlot, Map<MemoryScope['kind'], Held>>();

// What the process has is one for all of its threads only where the slot is: else each thread has its own.
function nameOf(kind: MemoryScope['kind'], { id }: TaskSlot): string | undefined {
  return id === undefined ? undefined : `${kind}:${id}`;
}

/** Leases the memory of a scope. Limits only count for the first lease: memory in use is not resized, as in Flink. */
export function leaseMemory({ kind, slot }: MemoryScope, limits: SharedMemoryLimits): MemoryLease {
  const owner = kind === 'fixed-per-tm' ? PROCESS_SLOT : slot;
  const held = heldBySlot.get(owner) ?? new Map<MemoryScope['kind'], Held>();
  heldBySlot.set(owner, held);
  const shared = held.get(kind) ?? {
    memory: new SharedMemory({ ...limits, name: nameOf(kind, owner) }),
    limits,
    leases: 0,
  };
  held.set(kind, shared);
  shared.leases++;
  let released = false;
  return {
    memory: shared.memory,
    limits: shared.limits,
    release() {
      if (!released) {
        released = true;
        shared.leases--;
        if (shared.leases === 0) {
          held.delete(kind);
          shared.memory.close();
        }
      }
    },
  };
}
