// Uploads in parts that were begun and neither finished nor ended: a store keeps their parts, and nobody sees them.
import type { ListMultipartUploadsOutput, MultipartUpload, S3 } from '@aws-sdk/client-s3';
import { isRefusal } from './s3-error.ts';

/**
 * None where a store can't list them, or the user may not: few users have that right, and a rule of the bucket that ends old
 * uploads does as well.
 */
export async function listUploads(s3: S3, where: { Bucket: string; Prefix: string }): Promise<MultipartUpload[]> {
  const uploads: MultipartUpload[] = [];
  let from: { KeyMarker?: string; UploadIdMarker?: string } | undefined = {};
  while (from !== undefined) {
    const page: ListMultipartUploadsOutput = await s3.listMultipartUploads({ ...where, ...from }).catch((error) => {
      if (isRefusal(error)) {
        return {};
      }
      throw error;
    });
    uploads.push(...(page.Uploads ?? []));
    from = page.IsTruncated ? markersOf(page) : undefined;
  }
  return uploads;
}

function markersOf({ NextKeyMarker, NextUploadIdMarker }: ListMultipartUploadsOutput): {
  KeyMarker?: string;
  UploadIdMarker?: string;
} {
  return {
    ...(NextKeyMarker && { KeyMarker: NextKeyMarker }),
    ...(NextUploadIdMarker && { UploadIdMarker: NextUploadIdMarker }),
  };
}
