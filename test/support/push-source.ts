// A source whose records the test gives it, one by one, and which is read again from where a checkpoint says.
import type { Source, SourceReader } from '../../lib/job/sources/source.ts';

export class PushSource<T> implements Source<T, { readonly position: number }> {
  readonly boundedness = 'CONTINUOUS_UNBOUNDED';
  readonly #values: T[] = [];
  #hasEnded = false;
  #failure: unknown;
  readonly #waiting = new Set<() => void>();
  /** How many readers are open. */
  open = 0;
  /** How many readers have come to the end. */
  ended = 0;

  push(...values: T[]): void {
    this.#values.push(...values);
    this.#wake();
  }

  end(): void {
    this.#hasEnded = true;
    this.#wake();
  }

  /** Makes the next poll fail, once. */
  fail(error: unknown): void {
    this.#failure = error;
    this.#wake();
  }

  splits(): { readonly position: number }[] {
    return [{ position: 0 }];
  }

  createReader(splits: readonly { readonly position: number }[]): SourceReader<T, { readonly position: number }> {
    let position = splits[0]?.position;
    this.open++;
    return {
      pollNext: (output) => {
        if (position === undefined) {
          this.ended++;
          return 'END_OF_INPUT';
        }
        const failure = this.#failure;
        this.#failure = undefined;
        if (failure !== undefined) {
          throw failure;
        }
        if (position < this.#values.length) {
          output.collect(this.#values[position++] as T);
          return 'MORE_AVAILABLE';
        }
        this.ended += this.#hasEnded ? 1 : 0;
        return this.#hasEnded ? 'END_OF_INPUT' : 'NOTHING_AVAILABLE';
      },
      isAvailable: () => new Promise((resolve) => this.#waiting.add(resolve)),
      snapshotState: () => (position === undefined ? [] : [{ position }]),
      close: () => {
        this.open--;
      },
    };
  }

  #wake(): void {
    for (const resolve of this.#waiting) {
      resolve();
    }
    this.#waiting.clear();
  }
}
