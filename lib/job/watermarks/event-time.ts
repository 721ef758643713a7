// Gives records their timestamps and puts out watermarks, as a strategy says.
import { MAX_WATERMARK, NO_TIMESTAMP, type Output } from '../operators/output.ts';
import type {
  TimestampAssigner,
  WatermarkGenerator,
  WatermarkOutput,
  WatermarkStrategy,
} from './watermark-strategy.ts';

export class EventTime<T> {
  readonly #assign: TimestampAssigner<T>;
  readonly #generator: WatermarkGenerator<T>;
  readonly #output: Output<T>;
  readonly #watermarks: WatermarkOutput;
  #watermark: number = NO_TIMESTAMP;
  #isIdle = false;

  constructor(strategy: WatermarkStrategy<T>, output: Output<T>) {
    this.#assign = strategy.createTimestampAssigner();
    this.#generator = strategy.createWatermarkGenerator();
    this.#output = output;
    this.#watermarks = {
      emitWatermark: (timestamp) => this.#emit(timestamp),
      markIdle: () => this.setIdle(true),
    };
  }

  collect(value: T, recordTimestamp: number): void {
    const timestamp = this.#assign(value, recordTimestamp);
    if (this.#isIdle) {
      this.setIdle(false);
    }
    this.#output.collect(value, timestamp);
    // After the record, which its own watermark must not make late.
    this.#generator.onEvent(value, timestamp, this.#watermarks);
  }

  periodicEmit(): void {
    this.#generator.onPeriodicEmit(this.#watermarks);
  }

  setIdle(idle: boolean): void {
    if (idle !== this.#isIdle) {
      this.#isIdle = idle;
      this.#output.emitStatus(idle);
    }
  }

  /** Says that no record comes any more. */
  end(): void {
    this.setIdle(false);
    this.#emit(MAX_WATERMARK);
  }

  #emit(timestamp: number): void {
    if (timestamp > this.#watermark) {
      this.#watermark = timestamp;
      if (this.#isIdle) {
        this.setIdle(false);
      }
      this.#output.emitWatermark(timestamp);
    }
  }
}
