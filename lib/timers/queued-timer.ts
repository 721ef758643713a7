// A timer in a queue.
export class QueuedTimer {
  /** A number may not hold it exactly: those that were restored may be anywhere in 64 bits. `Infinity` is the last of them. */
  readonly timestamp: number;
  /** Its bytes as text: timestamp, key and namespace. Equal timers have equal ones, and they are in the order of time. */
  readonly id: string;
  /** Where it is in its heap. */
  index = 0;
  /** Those that it was registered with; `undefined` where only the id has them. */
  readonly key: unknown;
  readonly namespace: unknown;

  constructor(timestamp: number, id: string, key?: unknown, namespace?: unknown) {
    this.timestamp = timestamp;
    this.id = id;
    this.key = key;
    this.namespace = namespace;
  }
}

/** By time, and then by bytes, so that every queue gives the timers of a key group in the same order. */
export function isBefore(a: QueuedTimer, b: QueuedTimer): boolean {
  return a.timestamp < b.timestamp || (a.timestamp === b.timestamp && a.id < b.id);
}
