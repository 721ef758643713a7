// Lets a reader that produces records asynchronously, one after another, be polled: a few are fetched ahead.
import { type InputStatus, POLL_RECORDS, type ReaderOutput } from './source.ts';

// Fetched ahead, so that neither side waits for each record of the other.
const CAPACITY = 256;
/** A record, and the position behind it. */
export interface Positioned<T, P> {
  readonly value: T;
  readonly timestamp?: number | undefined;
  readonly position: P;
}

export class QueuedReader<T, P> {
  #position: P;
  readonly #records: AsyncIterator<Positioned<T, P>>;
  #queue: Positioned<T, P>[] = [];
  #next = 0;
  #hasEnded = false;
  #failure: { readonly error: unknown } | undefined;
  #isFetching = false;
  #isClosed = false;
  #available: (() => void) | undefined;

  constructor(records: AsyncIterable<Positioned<T, P>>, start: P) {
    this.#records = records[Symbol.asyncIterator]();
    this.#position = start;
  }

  /** Behind the last record that was put out. */
  get position(): P {
    return this.#position;
  }

  pollNext(output: ReaderOutput<T>): InputStatus {
    for (let left = POLL_RECORDS; left > 0 && this.#next < this.#queue.length; left--) {
      const { value, timestamp, position } = this.#queue[this.#next++] as Positioned<T, P>;
      this.#position = position;
      output.collect(value, timestamp);
    }
    if (this.#next < this.#queue.length) {
      // What fetches may never be idle: the queue is not to keep what was put out.
      if (this.#next >= CAPACITY) {
        this.#queue = this.#queue.slice(this.#next);
        this.#next = 0;
      }
      return 'MORE_AVAILABLE';
    }
    this.#queue = [];
    this.#next = 0;
    if (this.#failure !== undefined) {
      throw this.#failure.error;
    }
    this.#fetch();
    return this.#hasEnded ? 'END_OF_INPUT' : 'NOTHING_AVAILABLE';
  }

  isAvailable(): Promise<void> {
    if (this.#queue.length > this.#next || this.#hasEnded || this.#failure !== undefined) {
      return Promise.resolve();
    }
    return new Promise((resolve) => {
      this.#available = resolve;
    });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    // It may be waiting for a record that never comes; whoever made it is told, and not waited for.
    this.#records.return?.()?.then(undefined, () => {});
  }

  #fetch(): void {
    if (!this.#isFetching && !this.#hasEnded) {
      this.#isFetching = true;
      this.#fill().finally(() => {
        this.#isFetching = false;
        this.#wake();
      });
    }
  }

  async #fill(): Promise<void> {
    try {
      while (!this.#isClosed && this.#queue.length - this.#next < CAPACITY) {
        const { done, value } = await this.#records.next();
        if (done) {
          this.#hasEnded = true;
          return;
        }
        this.#queue.push(value);
        this.#wake();
      }
    } catch (error) {
      this.#failure = { error };
    }
  }

  #wake(): void {
    const available = this.#available;
    this.#available = undefined;
    available?.();
  }
}
