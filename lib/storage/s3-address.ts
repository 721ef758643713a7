// Where in an object store checkpoints are: s3://bucket/prefix.
import { describe, typeError } from '../errors.ts';

/** A bucket, and what the keys of its objects begin with. */
export interface S3Address {
  readonly bucket: string;
  /** Without a slash at either end; empty for the whole bucket. */
  readonly prefix: string;
}

// Those that Flink's file systems have for S3.
const SCHEME = /^s3[ap]?:\/\//i;

/** Whether a directory is in an object store. */
export function isS3Address(directory: unknown): boolean {
  return SCHEME.test(String(directory));
}

/** @throws TypeError `ERR_INVALID_CHECKPOINT_DIRECTORY` for anything but `s3://bucket` with or without a prefix. */
export function parseS3Address(directory: string | URL): S3Address {
  const text = directory instanceof URL ? directory.href : directory;
  const path = isS3Address(text) ? text.replace(SCHEME, '').replace(/\/+$/, '') : '';
  const [bucket = '', ...segments] = path.split('/');
  if (!/^[A-Za-z0-9][\w.-]*$/.test(bucket) || segments.includes('')) {
    throw typeError(
      'ERR_INVALID_CHECKPOINT_DIRECTORY',
      `A directory of an S3CheckpointStorage must be like s3://bucket/prefix; received ${describe(text)}.`,
    );
  }
  return { bucket, prefix: segments.join('/') };
}
