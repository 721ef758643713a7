// Brings a full snapshot of a RocksDB database back: downloads its files, verified, into the database's directory.
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { RestoreSource } from '../api/checkpoint.ts';
import { mapBounded } from '../storage/transfer.ts';
import { checkFits, type RestoreTarget } from './check-fits.ts';

/**
 * @throws RestoreError when the snapshot does not fit, or a file is missing or damaged; the directory is then removed.
 *   StateMigrationError when its keys have another format.
 */
export async function restoreFull(
  source: RestoreSource,
  target: RestoreTarget & { readonly transfers: number },
  directory: string,
): Promise<void> {
  checkFits(source.handle, target);
  await mkdir(directory, { recursive: true });
  try {
    await mapBounded(source.handle.files, target.transfers, (file) =>
      source.storage.download(source.handle, file, join(directory, file.name)),
    );
  } catch (error) {
    await rm(directory, { recursive: true, force: true });
    throw error;
  }
}
