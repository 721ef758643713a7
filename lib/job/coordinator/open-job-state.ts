// Finds what a job is to go on from: a checkpoint of a job here, a savepoint, or a checkpoint of Flink.
import { open } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import type { RecoveryClaimMode } from '../../api/checkpoint.ts';
import { storageAt } from '../../backend/storage-at.ts';
import { Configuration, type ReadableConfig } from '../../config/configuration.ts';
import { describe, RestoreError, typeError } from '../../errors.ts';
import { siblingsOf } from '../../inspect/byte-source.ts';
import { Savepoint, type SavepointOpenOptions } from '../../savepoint/savepoint.ts';
import { locateSavepoint } from '../../savepoint/savepoint-paths.ts';
import type { CheckpointStore } from '../../storage/checkpoint-store.ts';
import { FileSystemCheckpointStorage } from '../../storage/file-system-checkpoint-storage.ts';
import { isS3Address } from '../../storage/s3-address.ts';
import { S3CheckpointStorage } from '../../storage/s3-checkpoint-storage.ts';
import { restoredFromCheckpoint } from './restored-checkpoint.ts';
import type { RestoredJob } from './restored-job.ts';
import { restoredFromSavepoint } from './restored-savepoint.ts';

/** Stands for the newest complete checkpoint of the job's own storage. */
export const LATEST = 'latest';

/** How to find and read what a job goes on from. */
export interface OpenJobStateOptions extends SavepointOpenOptions {
  /** Where the job itself keeps its checkpoints. One that is restored from there goes on being used by it. */
  readonly storage?: CheckpointStore | undefined;
  /** Whose a checkpoint is. Default `CLAIM`. Savepoints and checkpoints of Flink are never changed or deleted. */
  readonly claimMode?: RecoveryClaimMode | undefined;
  /** Says how object stores are reached. */
  readonly config?: ReadableConfig | undefined;
}

// What JSON begins with; metadata of Flink begins with a number.
const BRACE = 0x7b;
const CHECKPOINT = /^chk-(\d{1,16})$/;

/**
 * Opens the state of a job.
 *
 * @param pointer - `latest`, for the newest checkpoint in `storage`; or the directory of a checkpoint or savepoint, or the
 *   `_metadata` in it: a path, a `file:` URI, or an `s3:` address of a checkpoint of a job here.
 * @throws RestoreError when there is none, or it is damaged; SavepointFormatError when that of Flink is.
 */
export async function openJobState(pointer: string, options: OpenJobStateOptions = {}): Promise<RestoredJob> {
  if (typeof pointer !== 'string' || pointer === '') {
    throw typeError(
      'ERR_INVALID_PATH',
      `What a job is restored from must be '${LATEST}' or a path; received ${describe(pointer)}.`,
    );
  }
  if (pointer === LATEST) {
    return openLatest(options);
  }
  if (isS3Address(pointer)) {
    const directory = pointer.replace(/\/+(?:_metadata)?$/, '');
    return openCheckpoint(
      directory,
      storageOfObjects(directory.slice(0, directory.lastIndexOf('/')), options),
      options,
    );
  }
  const { directory, metadataFile } = await locateSavepoint(pointer);
  if ((await firstByteOf(metadataFile)) === BRACE) {
    return openCheckpoint(directory, storageOfFiles(dirname(directory), options), options);
  }
  // Beside a checkpoint, Flink keeps the files that several have.
  const allowedDirectories = [...(options.allowedDirectories ?? []), ...siblingsOf(directory)];
  return restoredFromSavepoint(await Savepoint.open(pointer, { ...options, allowedDirectories }));
}

async function openLatest({ storage, claimMode }: OpenJobStateOptions): Promise<RestoredJob> {
  const checkpoint = await storage?.latestCheckpoint();
  if (storage === undefined || checkpoint === undefined) {
    const reason = storage === undefined ? 'the job has no storage of checkpoints' : 'there is none in its storage';
    throw new RestoreError(`The newest checkpoint of the job can not be restored: ${reason}.`);
  }
  return restoredFromCheckpoint(checkpoint, { storage, ...(claimMode && { claimMode }) });
}

async function openCheckpoint(
  directory: string,
  storage: CheckpointStore,
  { claimMode }: OpenJobStateOptions,
): Promise<RestoredJob> {
  const id = CHECKPOINT.exec(basename(directory))?.[1];
  if (id === undefined) {
    throw new RestoreError(
      `The checkpoint at ${directory} should be in a directory <storage>/chk-<id>: it names its files by that.`,
    );
  }
  const checkpoint = await storage.openCheckpoint(Number(id));
  return restoredFromCheckpoint(checkpoint, { storage, ...(claimMode && { claimMode }) });
}

// Two storages on one place know nothing of each other's checkpoints.
function storageOfFiles(directory: string, { storage }: OpenJobStateOptions): CheckpointStore {
  const isOwn = storage instanceof FileSystemCheckpointStorage && resolve(storage.directory) === directory;
  return isOwn ? storage : new FileSystemCheckpointStorage(directory);
}

function storageOfObjects(directory: string, { storage, config }: OpenJobStateOptions): CheckpointStore {
  const found = storageAt(directory, config ?? new Configuration()) as S3CheckpointStorage;
  return storage instanceof S3CheckpointStorage && storage.directory === found.directory ? storage : found;
}

async function firstByteOf(path: string): Promise<number | undefined> {
  await using file = await open(path, 'r');
  const { bytesRead, buffer } = await file.read(Buffer.alloc(1), 0, 1, 0);
  return bytesRead === 0 ? undefined : buffer[0];
}
