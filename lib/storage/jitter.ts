// A random wait, so that many backends do not all begin to upload at the same moment.
import { setTimeout } from 'node:timers/promises';

// A timer takes no more.
const LONGEST_MS = 2 ** 31 - 1;

/** Waits for any time up to a longest one. Answers how long. @throws the signal's reason when it ends the wait. */
export async function waitAtMost(longestMs: number, signal: AbortSignal): Promise<number> {
  signal.throwIfAborted();
  const waitMs = Math.floor(Math.random() * (Math.min(longestMs, LONGEST_MS) + 1));
  if (waitMs > 0) {
    await setTimeout(waitMs, undefined, { signal }).catch((error) => {
      signal.throwIfAborted();
      throw error;
    });
  }
  return waitMs;
}
