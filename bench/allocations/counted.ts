// Counts the bytes that calls allocate on V8's heap: by how much it has grown after many calls during which nothing was
// collected, as there is space for all that they allocate.
import { GCProfiler, getHeapStatistics } from 'node:v8';
import type { Call } from './items.ts';

export interface Counted {
  /** Allocated on the heap, for a call. */
  readonly bytes: number;
  /** Of these still in use after a collection: what state in memory has grown by. */
  readonly keptBytes: number;
  /** Of buffers beside the heap, for a call. */
  readonly bufferBytes: number;
}

/** Calls after a collection, before the bytes are counted: what code is compiled anew is done with then. */
const CALLS_BEFORE = 5000;

/** @throws Error when something was collected meanwhile: there are too many calls for the space. */
export function count(call: Call, first: number, calls: number): Counted {
  const collect = globalThis.gc as () => void;
  collect();
  const keptBefore = usedBytes();
  work(call, first, CALLS_BEFORE);
  const collections = new GCProfiler();
  collections.start();
  const buffersBefore = process.memoryUsage().arrayBuffers;
  const before = usedBytes();
  work(call, first + CALLS_BEFORE, calls);
  const bytes = usedBytes() - before;
  const buffers = process.memoryUsage().arrayBuffers - buffersBefore;
  const { statistics } = collections.stop() as { readonly statistics: readonly object[] };
  if (statistics.length > 0) {
    throw new Error(`V8 has collected garbage during ${calls} calls: ask for fewer.`);
  }
  collect();
  const kept = usedBytes() - keptBefore;
  return { bytes: bytes / calls, keptBytes: kept / (calls + CALLS_BEFORE), bufferBytes: buffers / calls };
}

/** Does the calls; each has to answer something. */
export function work(call: Call, first: number, calls: number): void {
  for (let index = first; index < first + calls; index++) {
    if (call(index) === undefined) {
      throw new Error(`Call ${index} has found nothing.`);
    }
  }
}

function usedBytes(): number {
  return getHeapStatistics().used_heap_size;
}
