// Checkpoints in an object store.
import { describe, rangeError } from '../errors.ts';
import type { CheckpointRetention } from './checkpoint-retention.ts';
import { CheckpointStore } from './checkpoint-store.ts';
import type { S3Access } from './s3-access.ts';
import { parseS3Address } from './s3-address.ts';
import { connectS3 } from './s3-client.ts';
import { S3FileStore } from './s3-file-store.ts';

const MIB = 1024 * 1024;
const MIN_PART_BYTES = 5 * MIB;
const DEFAULT_PART_BYTES = 8 * MIB;
const DEFAULT_PARTS_AT_ONCE = 2;

/** How an {@link S3CheckpointStorage} reaches its store, uploads, and keeps checkpoints. */
export interface S3CheckpointStorageOptions extends S3Access, CheckpointRetention {
  /**
   * Files larger than this many bytes are uploaded in parts of this size, at least 5 MiB. Default 8 MiB. Files of more than
   * 10 000 parts have larger ones.
   */
  readonly partSizeBytes?: number | undefined;
  /** Parts of one file that are in memory, and uploaded, at once. Default 2; a backend uploads several files at once. */
  readonly partsAtOnce?: number | undefined;
}

/**
 * Keeps checkpoints in an object store that speaks the S3 protocol: AWS's own, MinIO, Ceph and others. It needs the package
 * `@aws-sdk/client-s3`, which is loaded when it is first used; without it that use fails with a `CheckpointError`. So does
 * one that the store refuses, or does not answer after the attempts that the package makes.
 *
 * @example
 * ```ts
 * const storage = new S3CheckpointStorage('s3://my-bucket/jobs/count');
 * const local = new S3CheckpointStorage('s3://my-bucket', { endpoint: 'http://127.0.0.1:9000', pathStyleAccess: true });
 * ```
 */
export class S3CheckpointStorage extends CheckpointStore {
  /** The directory, as `s3://bucket/prefix`. */
  readonly directory: string;

  /**
   * @param directory - `s3://bucket`, or `s3://bucket/prefix`; the bucket must exist. Schemes `s3a` and `s3p` mean the same.
   * @throws TypeError `ERR_INVALID_CHECKPOINT_DIRECTORY` for anything else.
   * @throws RangeError `ERR_INVALID_PART_SIZE` or `ERR_INVALID_PARTS_AT_ONCE` for a limit that can't be.
   */
  constructor(directory: string | URL, options: S3CheckpointStorageOptions = {}) {
    const { partSizeBytes = DEFAULT_PART_BYTES, partsAtOnce = DEFAULT_PARTS_AT_ONCE } = options;
    if (!Number.isSafeInteger(partSizeBytes) || partSizeBytes < MIN_PART_BYTES) {
      const expected = `partSizeBytes must be an integer of at least ${MIN_PART_BYTES}`;
      throw rangeError('ERR_INVALID_PART_SIZE', `${expected}; received ${describe(partSizeBytes)}.`);
    }
    if (!Number.isSafeInteger(partsAtOnce) || partsAtOnce < 1) {
      const expected = 'partsAtOnce must be a positive integer';
      throw rangeError('ERR_INVALID_PARTS_AT_ONCE', `${expected}; received ${describe(partsAtOnce)}.`);
    }
    const address = parseS3Address(directory);
    const files = new S3FileStore(address, { partSizeBytes, partsAtOnce }, () => connectS3(options));
    super(files, options);
    this.directory = files.address();
  }
}
