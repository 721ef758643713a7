// Whether a checkpoint fits the backend that is to restore it.
import type { KeyedStateHandle, KeyGroupRange } from '../api/checkpoint.ts';
import type { SerializerSnapshot } from '../api/serializer-snapshot.ts';
import type { TypeSerializer } from '../api/type-information.ts';
import { resolveSchema } from '../bytes/resolve-schema.ts';
import { RestoreError, StateMigrationError } from '../errors.ts';
import { describedKeyOf } from '../savepoint/described-key.ts';

/** What the backend is that the snapshot has to fit. */
export interface RestoreTarget {
  readonly backend: KeyedStateHandle['backend'];
  readonly keySerializer: TypeSerializer<unknown>;
  readonly maxParallelism: number;
  readonly keyGroupRange: KeyGroupRange;
}

/**
 * @throws RestoreError when the snapshot is of another backend, or of another number of key groups; StateMigrationError when its keys
 *   can't be used.
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
  usableKeysOf(handle, target.keySerializer);
}

/** Keys as they are stored. */
export interface StoredSerializer {
  readonly id: string;
  readonly snapshot: SerializerSnapshot | undefined;
}

/**
 * The serializer to use for restored keys: the program's, or one that it gives for what is stored. Keys are never written again.
 *
 * @param which - what is restored, for messages.
 * @throws StateMigrationError when it can't read them.
 */
export function usableKeys(
  stored: StoredSerializer,
  serializer: TypeSerializer<unknown>,
  which: string,
): TypeSerializer<unknown> {
  const verdict =
    stored.id === serializer.id || stored.snapshot === undefined
      ? undefined
      : resolveSchema(stored.snapshot, serializer);
  if (stored.id === serializer.id || verdict?.kind === 'as-is') {
    return serializer;
  }
  if (verdict?.kind === 'reconfigured') {
    return verdict.serializer;
  }
  const reason = verdict?.kind === 'incompatible' ? verdict.reason : 'keys can not be migrated';
  throw new StateMigrationError(
    `${which} has keys written by ${stored.id}, and the backend's key type writes ${serializer.id}: ${reason}.`,
  );
}

/** As {@link usableKeys}, for those of a checkpoint. */
export function usableKeysOf(handle: KeyedStateHandle, serializer: TypeSerializer<unknown>): TypeSerializer<unknown> {
  const which = `Checkpoint ${handle.checkpointId} at ${handle.location}`;
  return usableKeys({ id: handle.keySerializer, snapshot: describedKey(handle) }, serializer, which);
}

// What can't be read says as little as what is not there.
function describedKey(handle: KeyedStateHandle): SerializerSnapshot | undefined {
  try {
    return describedKeyOf(handle);
  } catch {
    return undefined;
  }
}
