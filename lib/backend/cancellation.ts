// Signals that end the opening of keyed backends and their snapshots.
import { setMaxListeners } from 'node:events';
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

/** A signal that is aborted with each of those given, and that as many transfers as there are may listen to. */
export function transferSignal(own: AbortSignal | undefined, given: AbortSignal | undefined): AbortSignal {
  // One that is put together leaves a trace with what it is made of, in Node.js 20: not to be done for nothing.
  const signal = own !== undefined && given === undefined ? own : AbortSignal.any([own, given].filter(isSignal));
  // Node.js takes more than ten listeners for a leak.
  setMaxListeners(0, signal);
  return signal;
}

function isSignal(signal: AbortSignal | undefined): signal is AbortSignal {
  return signal !== undefined;
}
