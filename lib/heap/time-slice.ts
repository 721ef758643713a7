// Cuts long work into slices, between which the event loop turns.
import { setImmediate } from 'node:timers/promises';

const SLICE_MS = 2;

export class TimeSlice {
  #end: number = performance.now() + SLICE_MS;

  get isOver(): boolean {
    return performance.now() >= this.#end;
  }

  /** Begins a slice now. */
  restart(): void {
    this.#end = performance.now() + SLICE_MS;
  }

  /** Lets the event loop turn, then begins a slice. */
  async next(): Promise<void> {
    await setImmediate();
    this.restart();
  }
}
