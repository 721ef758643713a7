// The checkpoint storage for a directory of the configuration.
import type { CheckpointStorage } from '../api/checkpoint.ts';
import type { ReadableConfig } from '../config/configuration.ts';
import { typeError } from '../errors.ts';
import { S3Options } from '../options/s3-options.ts';
import {
  FileSystemCheckpointStorage,
  type FileSystemCheckpointStorageOptions,
} from '../storage/file-system-checkpoint-storage.ts';
import { isS3Address } from '../storage/s3-address.ts';
import { S3CheckpointStorage, type S3CheckpointStorageOptions } from '../storage/s3-checkpoint-storage.ts';

export function storageAt(
  directory: string,
  config: ReadableConfig,
  { linksFiles, ...retention }: FileSystemCheckpointStorageOptions = {},
): CheckpointStorage {
  return isS3Address(directory)
    ? new S3CheckpointStorage(directory, { ...s3Options(config), ...retention })
    : new FileSystemCheckpointStorage(directory, { linksFiles, ...retention });
}

function s3Options(config: ReadableConfig): S3CheckpointStorageOptions {
  const accessKeyId = config.get(S3Options.ACCESS_KEY);
  const secretAccessKey = config.get(S3Options.SECRET_KEY);
  if ((accessKeyId === undefined) !== (secretAccessKey === undefined)) {
    const [present, absent] =
      secretAccessKey === undefined
        ? [S3Options.ACCESS_KEY, S3Options.SECRET_KEY]
        : [S3Options.SECRET_KEY, S3Options.ACCESS_KEY];
    throw typeError('ERR_INVALID_CONFIG_VALUE', `Option '${present.key}' needs '${absent.key}' as well.`);
  }
  return {
    endpoint: config.get(S3Options.ENDPOINT),
    region: config.get(S3Options.REGION),
    credentials:
      accessKeyId === undefined || secretAccessKey === undefined ? undefined : { accessKeyId, secretAccessKey },
    pathStyleAccess: config.get(S3Options.PATH_STYLE_ACCESS),
    partSizeBytes: config.get(S3Options.UPLOAD_MIN_PART_SIZE),
    partsAtOnce: config.get(S3Options.UPLOAD_MAX_CONCURRENT_UPLOADS),
  };
}
