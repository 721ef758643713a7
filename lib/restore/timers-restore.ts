// Brings back the timers that were in memory beside a RocksDB database, from the files of its snapshots.
import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { CheckpointStorage, KeyedStateHandle, KeyGroupRange } from '../api/checkpoint.ts';
import { TIMERS_FILE } from '../heap/snapshot-format.ts';
import type { LocalState } from '../storage/local-state.ts';
import { type RestoredTable, readSnapshotFile } from './heap-restore.ts';

/** Where timers come from, and go to. */
export interface TimersRestore {
  readonly storage: CheckpointStorage;
  /** Copies on this machine, which are read instead where there are any. */
  readonly localState: LocalState | undefined;
  /** Key groups; timers of others are read past. */
  readonly wanted: KeyGroupRange;
  /** For the downloaded files, which are removed. */
  readonly workDirectory: string;
  /** Ends the restore, which fails with its reason. */
  readonly signal: AbortSignal | undefined;
  /** Gives what takes the timers of a state. */
  tableOf(state: string): RestoredTable;
}

/** @throws RestoreError when a file is missing or damaged. */
export async function restoreTimers(handles: readonly KeyedStateHandle[], restore: TimersRestore): Promise<void> {
  const { localState, signal, storage, tableOf, wanted, workDirectory } = restore;
  for (const handle of handles) {
    const file = handle.files.find(({ name }) => name === TIMERS_FILE);
    if (file === undefined) {
      continue;
    }
    const path = join(workDirectory, `${TIMERS_FILE}-${randomUUID()}`);
    try {
      if (!(await localState?.restore({ handle, file, localPath: path, signal }))) {
        await storage.download(handle, file, path, signal);
      }
      const tables = handle.states.map(({ name, kind }) =>
        kind === 'PRIORITY_QUEUE' ? { table: tableOf(name), isCanonical: true } : undefined,
      );
      await readSnapshotFile({ path, source: join(handle.location, TIMERS_FILE), signal }, tables, wanted);
    } finally {
      await rm(path, { force: true });
    }
  }
}
