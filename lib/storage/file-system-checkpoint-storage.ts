// Checkpoints in a directory of the file system.
import { fileURLToPath } from 'node:url';
import { describe, typeError } from '../errors.ts';
import type { CheckpointRetention } from './checkpoint-retention.ts';
import { CheckpointStore } from './checkpoint-store.ts';
import { LocalFileStore } from './local-file-store.ts';
import { isS3Address } from './s3-address.ts';

/** How a directory keeps checkpoints. */
export interface FileSystemCheckpointStorageOptions extends CheckpointRetention {
  /**
   * Whether files that are on the same file system are hard-linked instead of copied, into an incremental checkpoint and
   * when any is restored: what they cost then is one reading, for their checksums. RocksDB never changes a table that it
   * has written. Whatever else changes the bytes of one, such as a failing disk, damages the database and the checkpoints
   * that use it alike; `false` copies. Full checkpoints are always copies. Default `true`.
   */
  readonly linksFiles?: boolean | undefined;
}

/**
 * Keeps checkpoints below a directory of a file system. One storage at a time may take checkpoints into a directory: what it
 * finds unfinished there when it begins its first one counts as left by a crash.
 */
export class FileSystemCheckpointStorage extends CheckpointStore {
  /** The directory, as a path. */
  readonly directory: string;

  /**
   * @param directory - a path, or a `file:` URL. It is created when needed.
   * @throws TypeError `ERR_INVALID_CHECKPOINT_DIRECTORY` for anything else.
   */
  constructor(directory: string | URL, options: FileSystemCheckpointStorageOptions = {}) {
    const path = toPath(directory);
    super(new LocalFileStore(path, { linksFiles: options.linksFiles ?? true }), options);
    this.directory = path;
  }
}

function toPath(directory: string | URL): string {
  if (
    (directory instanceof URL && !isS3Address(directory)) ||
    (typeof directory === 'string' && directory.startsWith('file:'))
  ) {
    return fileURLToPath(directory);
  }
  if (typeof directory !== 'string' || directory === '' || /^[a-z][a-z0-9+.-]*:\/\//i.test(directory)) {
    throw typeError(
      'ERR_INVALID_CHECKPOINT_DIRECTORY',
      `A checkpoint directory must be a path or a file: URL; received ${describe(directory)}.${
        isS3Address(directory) ? ' An S3CheckpointStorage keeps checkpoints there.' : ''
      }`,
    );
  }
  return directory;
}
