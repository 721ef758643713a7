// What an object store complains of, in one sentence.
import { CheckpointError } from '../errors.ts';

interface S3Failure {
  readonly name?: string;
  readonly message?: string;
  readonly code?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

/** As in "s3://bucket/chk-1 can not be listed: The specified bucket does not exist (NoSuchBucket, HTTP 404)." */
export function s3Error(what: string, cause: unknown): CheckpointError {
  const { name, message = '', code, $metadata } = cause as S3Failure;
  const status = $metadata?.httpStatusCode;
  const kind = [code ?? name, ...(status === undefined ? [] : [`HTTP ${status}`])].join(', ');
  return new CheckpointError(`${what}: ${message.replace(/\.$/, '') || 'no answer'} (${kind}).`, { cause });
}

/** Whether a store can't do, or does not allow, what was asked of it. */
export function isRefusal(error: unknown): boolean {
  const { name = '', $metadata } = error as S3Failure;
  return (
    ['NotImplemented', 'MethodNotAllowed', 'AccessDenied'].includes(name) ||
    [403, 405, 501].includes($metadata?.httpStatusCode ?? 0)
  );
}
