// Event time over several inputs: that of the slowest one that is not idle. One that was idle does not hold the others back
// before it has caught up with them.
import { NO_TIMESTAMP } from '../operators/output.ts';

/** Told of what the inputs come to. */
export interface ValveOutput {
  watermark(timestamp: number): void;
  status(idle: boolean): void;
}

export class WatermarkValve {
  readonly #output: ValveOutput;
  readonly #watermarks: number[];
  readonly #idle: boolean[];
  // Whether they were not idle, or are as far as all are since.
  readonly #aligned: boolean[];
  #watermark: number = NO_TIMESTAMP;
  #isIdle = false;

  constructor(inputs: number, output: ValveOutput) {
    this.#output = output;
    this.#watermarks = new Array<number>(inputs).fill(NO_TIMESTAMP);
    this.#idle = new Array<boolean>(inputs).fill(false);
    this.#aligned = new Array<boolean>(inputs).fill(true);
  }

  get watermark(): number {
    return this.#watermark;
  }

  inputWatermark(input: number, timestamp: number): void {
    // Of an input that is idle, and said so, nothing counts until it says that it is not any more.
    if (!this.#idle[input] && timestamp > (this.#watermarks[input] as number)) {
      this.#watermarks[input] = timestamp;
      this.#align(input);
      this.#advance();
    }
  }

  inputStatus(input: number, idle: boolean): void {
    if (this.#idle[input] === idle) {
      return;
    }
    this.#idle[input] = idle;
    this.#aligned[input] = false;
    if (!idle) {
      this.#align(input);
    }
    const isIdle = this.#idle.every(Boolean);
    if (isIdle) {
      // What the inputs have said before they went idle, all of them: as far as the farthest.
      this.#emit(Math.max(...this.#watermarks));
    } else if (idle) {
      this.#advance();
    }
    if (isIdle !== this.#isIdle) {
      this.#isIdle = isIdle;
      this.#output.status(isIdle);
    }
  }

  #align(input: number): void {
    if ((this.#watermarks[input] as number) >= this.#watermark) {
      this.#aligned[input] = true;
    }
  }

  #advance(): void {
    let least = Number.POSITIVE_INFINITY;
    let isAny = false;
    for (let i = 0; i < this.#watermarks.length; i++) {
      const watermark = this.#watermarks[i] as number;
      if (this.#aligned[i]) {
        isAny = true;
        if (watermark < least) {
          least = watermark;
        }
      }
    }
    if (isAny) {
      this.#emit(least);
    }
  }

  #emit(timestamp: number): void {
    if (timestamp > this.#watermark) {
      this.#watermark = timestamp;
      this.#output.watermark(timestamp);
    }
  }
}
