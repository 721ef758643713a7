// An application that updates rows in short slices, with a timer between them.
import { setTimeout } from 'node:timers/promises';
import type { KeyedStateBackend, ValueState } from '../../lib/index.ts';
import { type Rows, Values } from './rows.ts';

const WRITES_PER_SLICE = 20;
const PAUSE_MS = 1;

interface Target {
  readonly keyed: KeyedStateBackend<number>;
  readonly state: ValueState<Uint8Array>;
}

export class Writer {
  readonly #target: Target;
  readonly #keys: Int32Array;
  readonly #values: Values;
  readonly #round: number;
  #paused: Promise<unknown> = Promise.resolve();
  #isStopped = false;
  #written = 0;

  constructor(target: Target, rows: Rows, round: number) {
    this.#target = target;
    this.#keys = rows.scattered(round, 1);
    this.#values = new Values(rows.valueBytes);
    this.#round = round;
  }

  get written(): number {
    return this.#written;
  }

  /** While a snapshot is captured, writes are refused. */
  pauseUntil(captured: Promise<unknown>): void {
    this.#paused = captured;
  }

  async run(): Promise<void> {
    while (!this.#isStopped) {
      this.#slice();
      await setTimeout(PAUSE_MS);
      await this.#paused;
    }
  }

  stop(): void {
    this.#isStopped = true;
  }

  #slice(): void {
    const { keyed, state } = this.#target;
    for (let count = 0; count < WRITES_PER_SLICE; count++) {
      const key = this.#keys[this.#written++ % this.#keys.length] as number;
      keyed.setCurrentKey(key);
      state.update(this.#values.make(key, this.#round));
    }
  }
}
