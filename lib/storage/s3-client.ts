// The client of the object store. Its package is an optional peer, which is loaded when the first storage needs it.
import type { S3 } from '@aws-sdk/client-s3';
import { CheckpointError } from '../errors.ts';
import type { S3Access } from './s3-access.ts';

// Without them a store that has stopped to answer would hold a checkpoint up for ever.
const CONNECTION_TIMEOUT_MS = 10_000;
const SOCKET_TIMEOUT_MS = 60_000;

/** @throws CheckpointError where the package is not installed. */
export async function connectS3({ endpoint, region, credentials, pathStyleAccess = false }: S3Access): Promise<S3> {
  const { S3 } = await import('@aws-sdk/client-s3').catch((cause) => {
    throw new CheckpointError(
      'An S3CheckpointStorage needs the package @aws-sdk/client-s3, which could not be loaded: ' +
        'npm install @aws-sdk/client-s3',
      { cause },
    );
  });
  const ownRegion = region ?? (endpoint === undefined ? undefined : (process.env.AWS_REGION ?? 'us-east-1'));
  const s3 = new S3({
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(ownRegion === undefined ? {} : { region: ownRegion }),
    ...(credentials === undefined ? {} : { credentials: withoutUndefined(credentials) }),
    forcePathStyle: pathStyleAccess,
    // Every file is compared with the checksum in the checkpoint's metadata.
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: { connectionTimeout: CONNECTION_TIMEOUT_MS, socketTimeout: SOCKET_TIMEOUT_MS },
  });
  s3.middlewareStack.add(
    (next, { commandName }) =>
      (args) => {
        if (commandName === 'UploadPartCommand') {
          const { headers } = args.request as { headers: Record<string, string> };
          // SHA-256 of a part would hold up the event loop for 10 ms. Its CRC-32 is signed, and checked by the store.
          headers['x-amz-content-sha256'] = 'UNSIGNED-PAYLOAD';
        }
        return next(args);
      },
    { step: 'build' },
  );
  return s3;
}

function withoutUndefined({ accessKeyId, secretAccessKey, sessionToken }: NonNullable<S3Access['credentials']>) {
  return { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) };
}
