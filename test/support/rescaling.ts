// Several keyed backends that share the key groups of a job, and their checkpoints.
import type { KeyedStateBackend, KeyedStateBackendOptions } from '../../lib/api/backend.ts';
import type { CheckpointStorage, CompletedCheckpoint } from '../../lib/api/checkpoint.ts';
import { keyGroupOf, keyGroupRangeOf } from '../../lib/keys/key-groups.ts';

/** What every backend of the job is opened with. */
export type JobOptions<K> = Omit<KeyedStateBackendOptions<K>, 'keyGroupRange' | 'restore'> & {
  readonly maxParallelism: number;
};

export class Job<K> {
  readonly keyeds: readonly KeyedStateBackend<K>[];
  readonly #options: JobOptions<K>;

  private constructor(keyeds: readonly KeyedStateBackend<K>[], options: JobOptions<K>) {
    this.keyeds = keyeds;
    this.#options = options;
  }

  static async open<K>(
    open: (options: KeyedStateBackendOptions<K>) => Promise<KeyedStateBackend<K>>,
    options: JobOptions<K>,
    how: {
      readonly parallelism: number;
      readonly from?: { readonly storage: CheckpointStorage; readonly checkpoint: CompletedCheckpoint } | undefined;
    },
  ): Promise<Job<K>> {
    const { parallelism, from } = how;
    const restore = from && { restore: { storage: from.storage, handles: from.checkpoint.handles } };
    const keyeds = await Promise.all(
      Array.from({ length: parallelism }, (_, index) => {
        const keyGroupRange = keyGroupRangeOf(index, options.maxParallelism, parallelism);
        return open({ ...options, keyGroupRange, ...restore });
      }),
    );
    return new Job(keyeds, options);
  }

  /** The backend that owns a key, with the key selected. */
  at(key: K): KeyedStateBackend<K> {
    const { keyType, maxParallelism } = this.#options;
    const keyGroup = keyGroupOf(keyType.hashCode?.(key) as number, maxParallelism);
    const owner = this.keyeds.find(({ keyGroupRange: { start, end } }) => start <= keyGroup && keyGroup <= end);
    owner?.setCurrentKey(key);
    return owner as KeyedStateBackend<K>;
  }

  /** Completes a checkpoint of all backends, and tells them unless `quiet`. */
  async checkpoint(
    id: number,
    storage: CheckpointStorage,
    { quiet = false }: { readonly quiet?: boolean } = {},
  ): Promise<CompletedCheckpoint> {
    const checkpoint = await storage.begin(id);
    const completed = await checkpoint.complete(
      await Promise.all(this.keyeds.map((keyed) => keyed.snapshot(id, checkpoint))),
    );
    if (!quiet) {
      this.keyeds.forEach((keyed) => {
        keyed.notifyCheckpointComplete(id);
      });
    }
    return completed;
  }

  async close(): Promise<void> {
    await Promise.all(this.keyeds.map((keyed) => keyed.close()));
  }
}
