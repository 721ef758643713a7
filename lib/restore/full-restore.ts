// Brings a full snapshot back: checks that it fits, and downloads its files, verified, into the database's directory.
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { KeyedStateHandle, KeyGroupRange, RestoreSource } from '../api/checkpoint.ts';
import type { TypeSerializer } from '../api/type-information.ts';
import { RestoreError, StateMigrationError } from '../errors.ts';
import { mapBounded } from '../storage/transfer.ts';

/** What the backend is that the snapshot has to fit. */
export interface RestoreTarget {
  readonly keySerializer: TypeSerializer<unknown>;
  readonly maxParallelism: number;
  readonly keyGroupRange: KeyGroupRange;
}

/**
 * @throws RestoreError when the snapshot is of other key groups, or a file is missing or damaged; the directory is then
 *   removed. StateMigrationError when its keys have another format.
 */
export async function restoreFull(source: RestoreSource, target: RestoreTarget, directory: string): Promise<void> {
  checkFits(source.handle, target);
  await mkdir(directory, { recursive: true });
  try {
    await mapBounded(source.handle.files, (file) =>
      source.storage.download(source.handle, file, join(directory, file.name)),
    );
  } catch (error) {
    await rm(directory, { recursive: true, force: true });
    throw error;
  }
}

function checkFits(handle: KeyedStateHandle, target: RestoreTarget): void {
  const which = `Checkpoint ${handle.checkpointId} at ${handle.location}`;
  if (handle.maxParallelism !== target.maxParallelism) {
    throw new RestoreError(
      `${which} was taken with maximum parallelism ${handle.maxParallelism}, and the backend has ${target.maxParallelism}; ` +
        'it can not change.',
    );
  }
  const stored = handle.keyGroupRange;
  const wanted = target.keyGroupRange;
  if (stored.start !== wanted.start || stored.end !== wanted.end) {
    throw new RestoreError(
      `${which} holds key groups ${stored.start} to ${stored.end}, and the backend owns ${wanted.start} to ${wanted.end}; ` +
        'they must be the same.',
    );
  }
  if (handle.keySerializer !== target.keySerializer.id) {
    throw new StateMigrationError(
      `${which} has keys written by ${handle.keySerializer}, and the backend's key type writes ${target.keySerializer.id}.`,
    );
  }
}
