// The process warnings that something gives rise to.
import { setImmediate } from 'node:timers/promises';

/** Their messages, of one code. */
export async function warningsOf(code: string, run: () => void | Promise<void>): Promise<string[]> {
  const messages: string[] = [];
  const collect = (warning: Error & { code?: string }) => {
    if (warning.code === code) {
      messages.push(warning.message);
    }
  };
  process.on('warning', collect);
  try {
    await run();
    // They are told on a later tick.
    await setImmediate();
  } finally {
    process.off('warning', collect);
  }
  return messages;
}
