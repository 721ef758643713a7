// Uploads a large file in parts. The object is there when all of them are; until then nobody sees it.
import type { CompletedPart, S3 } from '@aws-sdk/client-s3';
import type { PartReader } from './part-reader.ts';
import { mapBounded } from './transfer.ts';

const MAX_PARTS = 10_000;

/** What bounds the memory of an upload. */
export interface PartLimits {
  readonly partSizeBytes: number;
  readonly partsAtOnce: number;
}

/** A file to be uploaded, and the object that it becomes. */
export interface MultipartUpload {
  readonly target: { readonly Bucket: string; readonly Key: string };
  readonly reader: PartReader;
  readonly sizeBytes: number;
  readonly signal: AbortSignal | undefined;
}

export async function uploadParts(s3: S3, upload: MultipartUpload, limits: PartLimits): Promise<void> {
  const { target, signal } = upload;
  const call = signal === undefined ? {} : { abortSignal: signal };
  const checked = (await s3.config.requestChecksumCalculation()) === 'WHEN_SUPPORTED';
  const { UploadId } = await s3.createMultipartUpload(
    { ...target, ...(checked ? { ChecksumAlgorithm: 'CRC32' as const } : {}) },
    call,
  );
  try {
    const parts = await sendParts(s3, upload, { UploadId, limits });
    await s3.completeMultipartUpload({ ...target, UploadId, MultipartUpload: { Parts: parts } }, call);
  } catch (error) {
    // Where this fails as well, a later collection of garbage does it: what went wrong first is to be told.
    await s3.abortMultipartUpload({ ...target, UploadId }).catch(() => {});
    throw error;
  }
}

function sendParts(
  s3: S3,
  { target, reader, sizeBytes, signal }: MultipartUpload,
  { UploadId, limits }: { readonly UploadId: string | undefined; readonly limits: PartLimits },
): Promise<CompletedPart[]> {
  const partBytes = Math.max(limits.partSizeBytes, Math.ceil(sizeBytes / MAX_PARTS));
  const numbers = Array.from({ length: Math.ceil(sizeBytes / partBytes) }, (_, index) => index + 1);
  const free: Buffer[] = [];
  return mapBounded(numbers, limits.partsAtOnce, async (PartNumber) => {
    signal?.throwIfAborted();
    const buffer = free.pop() ?? Buffer.allocUnsafeSlow(partBytes);
    const { ETag, ChecksumCRC32 } = await s3.uploadPart(
      { ...target, UploadId, PartNumber, Body: await reader.next(buffer) },
      signal === undefined ? {} : { abortSignal: signal },
    );
    free.push(buffer);
    return { PartNumber, ETag, ChecksumCRC32 };
  });
}
