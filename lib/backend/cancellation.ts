// Signals that end the opening of keyed backends and their snapshots.
import { CancelledError, describe, typeError } from '../errors.ts';

const OPENING = 'Opening the keyed backend';

/** @throws TypeError `ERR_INVALID_SIGNAL` for anything but a signal or nothing. */
export function checkSignal(signal: unknown): asserts signal is AbortSignal | undefined {
  if (signal !== undefined && !(signal instanceof AbortSignal)) {
    throw typeError('ERR_INVALID_SIGNAL', `signal must be an AbortSignal; received ${describe(signal)}.`);
  }
}

/** @throws CancelledError when the opening is to end. */
export function checkOpening(signal: AbortSignal | undefined): void {
  if (signal?.aborted) {
    throw new CancelledError(OPENING, signal.reason);
  }
}

/** Why the opening failed: once it was cancelled, whatever else has failed is of no interest. */
export function openingFailure(error: unknown, signal: AbortSignal | undefined): unknown {
  return signal?.aborted ? new CancelledError(OPENING, signal.reason) : error;
}

/** A signal that is aborted with either. */
export function eitherSignal(always: AbortSignal, given: AbortSignal | undefined): AbortSignal {
  return given === undefined ? always : AbortSignal.any([always, given]);
}
