// Numbers of subtasks and key groups, as programs give them.
import { describe, typeError } from '../../errors.ts';

/** @throws TypeError `ERR_INVALID_PARALLELISM`. */
export function checkCount(what: string, count: number): number {
  if (!Number.isInteger(count) || count < 1 || count > 32_768) {
    throw typeError(
      'ERR_INVALID_PARALLELISM',
      `${what} must be an integer from 1 to 32768; received ${describe(count)}.`,
    );
  }
  return count;
}
