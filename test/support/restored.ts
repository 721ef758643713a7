// A keyed backend as it comes back from a checkpoint.
import type { KeyedStateBackend, KeyedStateBackendOptions } from '../../lib/api/backend.ts';
import type { Bench } from './with-backend.ts';

let lastCheckpointId = 0;

/** Snapshots a backend, and opens another one from the checkpoint; the first stays open. */
export async function restored<K>(
  bench: Bench,
  keyed: Pick<KeyedStateBackend<unknown>, 'snapshot'>,
  options: KeyedStateBackendOptions<K>,
): Promise<KeyedStateBackend<K>> {
  const { storage } = bench;
  const handle = await keyed.snapshot(++lastCheckpointId, storage);
  return bench.open({ ...options, restore: { storage, handle } });
}
