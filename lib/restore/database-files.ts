// Databases of a Flink checkpoint as handles of checkpoints here, so that they are restored as these are.
import { rm, stat } from 'node:fs/promises';
import type { CheckpointStorage, KeyedStateHandle, StoredFile } from '../api/checkpoint.ts';
import { CheckpointError, RestoreError } from '../errors.ts';
import type { RestoreTarget } from './check-fits.ts';
import { bringTo } from './savepoint-bytes.ts';
import type { DatabaseFiles, SavepointState } from './savepoint-state.ts';

/** Handles with a storage that brings their files. */
export interface DatabaseHandles {
  readonly storage: CheckpointStorage;
  readonly handles: readonly KeyedStateHandle[];
}

/** In the order of the databases. Flink keeps no checksums, so only sizes are compared. */
export function databaseHandles(
  { databases, location }: Pick<SavepointState, 'databases' | 'location'>,
  { keySerializer, maxParallelism }: Pick<RestoreTarget, 'keySerializer' | 'maxParallelism'>,
): DatabaseHandles {
  const handles = databases.map(({ backendId, checkpointId, files, keyGroupRange, states }): KeyedStateHandle => {
    const sizeBytes = files.reduce((sum, file) => sum + file.sizeBytes, 0);
    return {
      ...{ checkpointId, backendId, backend: 'rocksdb', location, maxParallelism, keyGroupRange },
      ...{ keySerializer: keySerializer.id, states, files: files.map(toStoredFile) },
      ...{ sizeBytes, checkpointedSizeBytes: 0, attachment: null },
    };
  });
  const filesOf = new Map(handles.map((handle, index) => [handle, (databases[index] as DatabaseFiles).files]));
  return { handles, storage: new DatabaseFileStorage(filesOf) };
}

function toStoredFile({ name, sizeBytes, source }: DatabaseFiles['files'][number]): StoredFile {
  return { name, sizeBytes, crc32: 0, path: 'path' in source ? source.path : '', shared: false };
}

class DatabaseFileStorage implements CheckpointStorage {
  readonly #filesOf: ReadonlyMap<KeyedStateHandle, DatabaseFiles['files']>;

  constructor(filesOf: ReadonlyMap<KeyedStateHandle, DatabaseFiles['files']>) {
    this.#filesOf = filesOf;
  }

  begin(): Promise<never> {
    return Promise.reject(new CheckpointError('The files of a Flink checkpoint are only read.'));
  }

  async download(handle: KeyedStateHandle, file: StoredFile, localPath: string): Promise<void> {
    const found = this.#filesOf.get(handle)?.find(({ name }) => name === file.name);
    if (found === undefined) {
      throw new RestoreError(`Checkpoint ${handle.checkpointId} at ${handle.location} has no file '${file.name}'.`);
    }
    try {
      await bringTo(localPath, found);
      const { size } = await stat(localPath);
      if (size !== found.sizeBytes) {
        throw new RestoreError(`it has ${size} bytes, and should have ${found.sizeBytes}`);
      }
    } catch (cause) {
      await rm(localPath, { force: true });
      const what = `File '${file.name}' of checkpoint ${handle.checkpointId} at ${handle.location}`;
      throw new RestoreError(`${what} can't be read: ${(cause as Error).message}.`, { cause });
    }
  }
}
