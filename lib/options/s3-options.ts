// How checkpoints reach an object store: the options of Flink's S3 file systems, one row each.
import { type OptionsOf, toConfigOptions } from './option-rows.ts';

export const S3_ROWS = {
  ENDPOINT: {
    key: 's3.endpoint',
    type: 'string',
    doc: "URL of a store that speaks the S3 protocol; unset means AWS's own.",
  },
  REGION: {
    key: 's3.region',
    type: 'string',
    fallbackKeys: ['s3.endpoint.region'],
    doc: 'Region of the bucket; unset means AWS_REGION.',
  },
  ACCESS_KEY: {
    key: 's3.access-key',
    type: 'string',
    fallbackKeys: ['s3.access.key'],
    doc: "Id of the access key; unset means the environment's credentials.",
  },
  SECRET_KEY: {
    key: 's3.secret-key',
    type: 'string',
    fallbackKeys: ['s3.secret.key'],
    secret: true,
    doc: 'Secret of the access key.',
  },
  PATH_STYLE_ACCESS: {
    key: 's3.path.style.access',
    type: 'boolean',
    default: false,
    fallbackKeys: ['s3.path-style-access'],
    doc: "Whether the bucket is in the path of URLs instead of the host's name.",
  },
  UPLOAD_MIN_PART_SIZE: {
    key: 's3.upload.min.part.size',
    type: 'memory',
    default: '8mb',
    check: 'fromFiveMebibytes',
    doc: 'Larger files are uploaded in parts of this size.',
  },
  UPLOAD_MAX_CONCURRENT_UPLOADS: {
    key: 's3.upload.max.concurrent.uploads',
    type: 'int',
    default: 2,
    check: 'positive',
    doc: 'Parts of one file that are uploaded at once.',
  },
} as const;

/** The options of Flink's S3 file systems. */
export const S3Options: OptionsOf<typeof S3_ROWS> = toConfigOptions(S3_ROWS);
