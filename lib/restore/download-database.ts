// Brings the files of a RocksDB snapshot into a directory, verified: it can be opened as a database then. Timers that were in
// memory stay behind.
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { CheckpointStorage, KeyedStateHandle, ProgressListener } from '../api/checkpoint.ts';
import { TIMERS_FILE } from '../heap/snapshot-format.ts';
import type { LocalState } from '../storage/local-state.ts';
import { mapBounded, TransferCounter } from '../storage/transfer.ts';

/** How files are moved. */
export interface Downloads {
  readonly storage: CheckpointStorage;
  /** Files that are downloaded at once. */
  readonly transfers: number;
  /** Copies on this machine, which are read instead where there are any. */
  readonly localState: LocalState | undefined;
  readonly onProgress: ProgressListener | undefined;
  /** Ends the downloads. */
  readonly signal: AbortSignal | undefined;
}

/** @throws RestoreError when a file is missing or damaged, or the signal's reason; the directory is then removed. */
export async function downloadDatabase(
  handle: KeyedStateHandle,
  directory: string,
  { storage, transfers, localState, onProgress, signal }: Downloads,
): Promise<void> {
  await mkdir(directory, { recursive: true });
  try {
    const files = handle.files.filter(({ name }) => name !== TIMERS_FILE);
    const counter = new TransferCounter(
      files.map((file) => file.sizeBytes),
      onProgress,
    );
    await mapBounded(files, transfers, async (file) => {
      signal?.throwIfAborted();
      const localPath = join(directory, file.name);
      if (!(await localState?.restore({ handle, file, localPath, signal }))) {
        await storage.download(handle, file, localPath, signal);
      }
      counter.done(file.sizeBytes);
    });
  } catch (error) {
    await rm(directory, { recursive: true, force: true });
    throw error;
  }
}
