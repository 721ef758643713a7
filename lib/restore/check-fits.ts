// Whether a checkpoint fits the backend that is to restore it.
import type { KeyedStateHandle, KeyGroupRange } from '../api/checkpoint.ts';
import type { TypeSerializer } from '../api/type-information.ts';
import { RestoreError, StateMigrationError } from '../errors.ts';

/** What the backend is that the snapshot has to fit. */
export interface RestoreTarget {
  readonly backend: KeyedStateHandle['backend'];
  readonly keySerializer: TypeSerializer<unknown>;
  readonly maxParallelism: number;
  readonly keyGroupRange: KeyGroupRange;
}

/**
 * @throws RestoreError when the snapshot is of another backend, or of another number of key groups; StateMigrationError when its keys
 *   have another format.
 */
export function checkFits(handle: KeyedStateHandle, target: RestoreTarget): void {
  const which = `Checkpoint ${handle.checkpointId} at ${handle.location}`;
  if (handle.backend !== target.backend) {
    throw new RestoreError(
      `${which} was written by the ${handle.backend} backend; the ${target.backend} backend can not read its files.`,
    );
  }
  if (handle.maxParallelism !== target.maxParallelism) {
    throw new RestoreError(
      `${which} was taken with maximum parallelism ${handle.maxParallelism}, and the backend has ${target.maxParallelism}; ` +
        'it can not change.',
    );
  }
  if (handle.keySerializer !== target.keySerializer.id) {
    throw new StateMigrationError(
      `${which} has keys written by ${handle.keySerializer}, and the backend's key type writes ${target.keySerializer.id}.`,
    );
  }
}
