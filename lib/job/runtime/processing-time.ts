// The clock of a subtask, and what is to be done at a time by it.
import type { MaybePromise, ProcessingTimeService } from '../operators/stream-operator.ts';

// What `setTimeout` can wait for.
const LONGEST_WAIT_MS = 2 ** 31 - 1;

export class SubtaskClock implements ProcessingTimeService {
  readonly #mail: (letter: () => MaybePromise) => void;
  readonly #timeouts = new Set<NodeJS.Timeout>();
  #hasEnded = false;

  /** @param mail - lets something be done on the subtask's turn. */
  constructor(mail: (letter: () => MaybePromise) => void) {
    this.#mail = mail;
  }

  now(): number {
    return Date.now();
  }

  schedule(timestamp: number, callback: () => MaybePromise): () => void {
    let isOff = false;
    let timeout: NodeJS.Timeout | undefined;
    const wait = () => {
      // A timer of the event loop may be early by a fraction of a millisecond.
      const leftMs = timestamp - this.now();
      timeout = setTimeout(
        () => {
          this.#timeouts.delete(timeout as NodeJS.Timeout);
          if (this.now() < timestamp) {
            wait();
          } else {
            this.#mail(() => (isOff || this.#hasEnded ? undefined : callback()));
          }
        },
        Math.min(Math.max(leftMs, 0), LONGEST_WAIT_MS),
      );
      this.#timeouts.add(timeout);
    };
    if (!this.#hasEnded && timestamp !== Number.POSITIVE_INFINITY) {
      wait();
    }
    return () => {
      isOff = true;
      if (timeout !== undefined) {
        clearTimeout(timeout);
        this.#timeouts.delete(timeout);
      }
    };
  }

  /** Calls nothing any more. */
  end(): void {
    this.#hasEnded = true;
    for (const timeout of this.#timeouts) {
      clearTimeout(timeout);
    }
    this.#timeouts.clear();
  }
}
