// The warnings that the process emits while something runs.
import { setImmediate } from 'node:timers/promises';

export async function warningsDuring(work: () => unknown): Promise<string[]> {
  const messages: string[] = [];
  const listener = (warning: Error) => messages.push(warning.message);
  process.on('warning', listener);
  try {
    await work();
    // Warnings are emitted on a later tick.
    await setImmediate();
    return messages;
  } finally {
    process.off('warning', listener);
  }
}
