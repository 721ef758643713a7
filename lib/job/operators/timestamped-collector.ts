// Gives the records that a function puts out the timestamp of what they are made of.
import type { Collector } from '../functions/rich-function.ts';
import { NO_TIMESTAMP, type Output } from './output.ts';

export class TimestampedCollector<T> implements Collector<T> {
  timestamp: number = NO_TIMESTAMP;
  readonly #output: Output<T>;

  constructor(output: Output<T>) {
    this.#output = output;
  }

  collect(value: T): void {
    this.#output.collect(value, this.timestamp);
  }
}
