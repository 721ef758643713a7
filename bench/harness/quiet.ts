// Waits until this process does nothing in the background any more, whatever a database would call it.
import { setTimeout } from 'node:timers/promises';

const POLL_MS = 100;
/** Of processor time in a poll: what the polling itself takes stays below. */
const QUIET_MS = 5;
const MICROSECONDS_PER_MS = 1000;

export async function untilQuiet(): Promise<void> {
  for (let quiet = false; !quiet; ) {
    const before = process.cpuUsage();
    await setTimeout(POLL_MS);
    const { user, system } = process.cpuUsage(before);
    quiet = (user + system) / MICROSECONDS_PER_MS < QUIET_MS;
  }
}
