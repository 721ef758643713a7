// Sinks without state: to the console, to a function, to nowhere.
import { inspect } from 'node:util';
import type { Sink } from './sink.ts';

/** Prints each record on a line of standard output, behind the name and, of several subtasks, the number of the subtask. */
export function printSink(name = ''): Sink<unknown> {
  return {
    createWriter({ parallelism, subtaskIndex }) {
      const parts = [...(name === '' ? [] : [name]), ...(parallelism > 1 ? [String(subtaskIndex + 1)] : [])];
      const prefix = parts.length === 0 ? '' : `${parts.join(':')}> `;
      return {
        write(value) {
          process.stdout.write(
            `${prefix}${typeof value === 'string' ? value : inspect(value, { breakLength: Infinity })}\n`,
          );
        },
      };
    },
  };
}

/** Calls a function with each record: at least once, as after a failure those since the last checkpoint come again. */
export function functionSink<T>(write: (value: T) => void | Promise<void>): Sink<T> {
  return { createWriter: () => ({ write }) };
}

/** Throws records away, as benchmarks do. */
export class DiscardingSink<T> implements Sink<T> {
  createWriter(): { write(): void } {
    return { write() {} };
  }
}
