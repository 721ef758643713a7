// The check that what is put into windows of event time has a time.
import { typeError } from '../../errors.ts';
import { NO_TIMESTAMP } from '../operators/output.ts';

/** @throws TypeError `ERR_MISSING_TIMESTAMP` for an element without a time. */
export function checkTimestamp(timestamp: number): void {
  if (timestamp === NO_TIMESTAMP) {
    throw typeError(
      'ERR_MISSING_TIMESTAMP',
      'An element without a timestamp (-Infinity) can not be put into a window of event time. Give the source a watermark ' +
        'strategy that assigns timestamps, or use windows of processing time.',
    );
  }
}
