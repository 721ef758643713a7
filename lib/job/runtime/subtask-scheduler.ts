// Runs the subtasks of a thread in turns, and lets the event loop turn between them.

const SLICE_MS = 4;

/** Something that runs a while when it is its turn. */
export interface Runnable {
  run(): void;
}

export class SubtaskScheduler {
  #ready: Runnable[] = [];
  #running: Runnable[] = [];
  readonly #waiting = new Set<Runnable>();
  #isScheduled = false;

  /** Lets a subtask have a turn, once, however often it is asked for before. */
  schedule(subtask: Runnable): void {
    if (!this.#waiting.has(subtask)) {
      this.#waiting.add(subtask);
      this.#ready.push(subtask);
      if (!this.#isScheduled) {
        this.#isScheduled = true;
        setImmediate(this.#run);
      }
    }
  }

  readonly #run = (): void => {
    const end = performance.now() + SLICE_MS;
    do {
      const turn = this.#ready;
      this.#ready = this.#running;
      this.#running = turn;
      for (const subtask of turn) {
        this.#waiting.delete(subtask);
        subtask.run();
      }
      turn.length = 0;
    } while (this.#ready.length > 0 && performance.now() < end);
    this.#isScheduled = this.#ready.length > 0;
    if (this.#isScheduled) {
      setImmediate(this.#run);
    }
  };
}
