// Puts a watermark out after every so many events: how far time is does not depend on the clock.

import { type WatermarkGenerator, type WatermarkOutput, WatermarkStrategy } from '../../lib/index.ts';
import type { NexmarkEvent } from './generator/events.ts';

export interface EveryEventsOptions {
  readonly events: number;
  /** By how much an event may come later than one that happened after it. */
  readonly delayMs: number;
}

export function watermarkEvery(options: EveryEventsOptions): WatermarkStrategy<NexmarkEvent> {
  return WatermarkStrategy.forGenerator(() => new EveryEvents(options)).withTimestampAssigner(
    (event) => event.dateTime,
  );
}

class EveryEvents implements WatermarkGenerator<NexmarkEvent> {
  readonly #events: number;
  readonly #delayMs: number;
  #latest = Number.NEGATIVE_INFINITY;
  #count = 0;

  constructor({ events, delayMs }: EveryEventsOptions) {
    this.#events = events;
    this.#delayMs = delayMs;
  }

  onEvent(_: NexmarkEvent, timestamp: number, output: WatermarkOutput): void {
    if (timestamp > this.#latest) {
      this.#latest = timestamp;
    }
    if (++this.#count === this.#events) {
      this.#count = 0;
      output.emitWatermark(this.#latest - this.#delayMs - 1);
    }
  }

  onPeriodicEmit(): void {}
}
