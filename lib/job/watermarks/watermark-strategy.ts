// How records get their timestamps, and when event time advances.
import { parseDuration } from '../../config/duration.ts';
import { describe, rangeError } from '../../errors.ts';
import { NO_TIMESTAMP } from '../operators/output.ts';

/** Takes the watermarks of a generator. */
export interface WatermarkOutput {
  emitWatermark(timestamp: number): void;
  /** Says that there is nothing to be waited for, until the next record. */
  markIdle(): void;
}

/** Makes the watermarks of one subtask. */
export interface WatermarkGenerator<T> {
  /** Called with every record. */
  onEvent(event: T, timestamp: number, output: WatermarkOutput): void;
  /** Called every `pipeline.auto-watermark-interval`. */
  onPeriodicEmit(output: WatermarkOutput): void;
}

/** Answers the timestamp of a record; `recordTimestamp` is the one that it has, or `-Infinity`. */
export type TimestampAssigner<T> = (event: T, recordTimestamp: number) => number;

/** A time in milliseconds, or as text, such as `10 s`. */
export type DurationLike = number | string;

interface Parts<T> {
  readonly createGenerator: () => WatermarkGenerator<T>;
  readonly assigner?: TimestampAssigner<T>;
  readonly idlenessMs?: number;
}

/**
 * Timestamps and watermarks of a stream.
 *
 * @example
 * ```ts
 * const strategy = WatermarkStrategy.forBoundedOutOfOrderness<Click>('5 s')
 *   .withTimestampAssigner((click) => click.timeMs)
 *   .withIdleness('1 min');
 * ```
 */
export class WatermarkStrategy<T> {
  readonly #parts: Parts<T>;

  private constructor(parts: Parts<T>) {
    this.#parts = parts;
  }

  /** For timestamps that never go back. */
  static forMonotonousTimestamps<T>(): WatermarkStrategy<T> {
    return WatermarkStrategy.forBoundedOutOfOrderness(0);
  }

  /**
   * For timestamps that go back by a time at most.
   *
   * @throws RangeError `ERR_INVALID_DURATION` for a negative time.
   */
  static forBoundedOutOfOrderness<T>(maxOutOfOrderness: DurationLike): WatermarkStrategy<T> {
    const ms = durationMs(maxOutOfOrderness, 'maxOutOfOrderness');
    return new WatermarkStrategy({ createGenerator: () => new BoundedOutOfOrderness(ms) });
  }

  /** Without event time: the only watermark is that of the end. */
  static noWatermarks<T>(): WatermarkStrategy<T> {
    return new WatermarkStrategy<T>({ createGenerator: () => NO_WATERMARKS });
  }

  /** With a generator of the program, made anew for each subtask. */
  static forGenerator<T>(createGenerator: () => WatermarkGenerator<T>): WatermarkStrategy<T> {
    return new WatermarkStrategy({ createGenerator });
  }

  /** The same, with timestamps from the records. */
  withTimestampAssigner(assigner: TimestampAssigner<T>): WatermarkStrategy<T> {
    return new WatermarkStrategy({ ...this.#parts, assigner });
  }

  /** The same, where a subtask that had no record for this time is not waited for. */
  withIdleness(timeout: DurationLike): WatermarkStrategy<T> {
    return new WatermarkStrategy({ ...this.#parts, idlenessMs: durationMs(timeout, 'timeout') });
  }

  createTimestampAssigner(): TimestampAssigner<T> {
    return this.#parts.assigner ?? ((_, recordTimestamp) => recordTimestamp);
  }

  /** @param now - the clock, for idleness. */
  createWatermarkGenerator(now: () => number = () => performance.now()): WatermarkGenerator<T> {
    const { createGenerator, idlenessMs } = this.#parts;
    const generator = createGenerator();
    return idlenessMs === undefined ? generator : new WithIdleness(generator, idlenessMs, now);
  }
}

const NO_WATERMARKS: WatermarkGenerator<unknown> = { onEvent() {}, onPeriodicEmit() {} };

class BoundedOutOfOrderness<T> implements WatermarkGenerator<T> {
  readonly #outOfOrdernessMs: number;
  #max: number = NO_TIMESTAMP;

  constructor(outOfOrdernessMs: number) {
    this.#outOfOrdernessMs = outOfOrdernessMs;
  }

  onEvent(_: T, timestamp: number): void {
    if (timestamp > this.#max) {
      this.#max = timestamp;
    }
  }

  // A record as old as the watermark would be late: hence one less.
  onPeriodicEmit(output: WatermarkOutput): void {
    output.emitWatermark(this.#max - this.#outOfOrdernessMs - 1);
  }
}

class WithIdleness<T> implements WatermarkGenerator<T> {
  readonly #generator: WatermarkGenerator<T>;
  readonly #timeoutMs: number;
  readonly #now: () => number;
  #hasEvent = true;
  #idleSince = Number.POSITIVE_INFINITY;

  constructor(generator: WatermarkGenerator<T>, timeoutMs: number, now: () => number) {
    this.#generator = generator;
    this.#timeoutMs = timeoutMs;
    this.#now = now;
  }

  onEvent(event: T, timestamp: number, output: WatermarkOutput): void {
    this.#hasEvent = true;
    this.#generator.onEvent(event, timestamp, output);
  }

  onPeriodicEmit(output: WatermarkOutput): void {
    const now = this.#now();
    if (this.#hasEvent) {
      this.#hasEvent = false;
      this.#idleSince = now;
    } else if (now - this.#idleSince >= this.#timeoutMs) {
      output.markIdle();
      return;
    }
    this.#generator.onPeriodicEmit(output);
  }
}

/** @throws RangeError `ERR_INVALID_DURATION`. */
export function durationMs(duration: DurationLike, what: string): number {
  const ms = typeof duration === 'string' ? parseDuration(duration) : duration;
  if (!Number.isFinite(ms) || ms < 0) {
    throw rangeError('ERR_INVALID_DURATION', `${what} must be a time of 0 ms or more; received ${describe(duration)}.`);
  }
  return ms;
}
