// Brings the files of a RocksDB snapshot into a directory, verified: it can be opened as a database then.
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { CheckpointStorage, KeyedStateHandle } from '../api/checkpoint.ts';
import { mapBounded } from '../storage/transfer.ts';

/** How files are moved. */
export interface Downloads {
  readonly storage: CheckpointStorage;
  /** Files that are downloaded at once. */
  readonly transfers: number;
}

/** @throws RestoreError when a file is missing or damaged; the directory is then removed. */
export async function downloadDatabase(
  handle: KeyedStateHandle,
  directory: string,
  { storage, transfers }: Downloads,
): Promise<void> {
  await mkdir(directory, { recursive: true });
  try {
    await mapBounded(handle.files, transfers, (file) => storage.download(handle, file, join(directory, file.name)));
  } catch (error) {
    await rm(directory, { recursive: true, force: true });
    throw error;
  }
}
