// Records of an async iterable that can be begun again from a position: a consumer of a log, a cursor of a database.
import type { TypeInformation } from '../../api/type-information.ts';
import { type Positioned, QueuedReader } from './queued-reader.ts';
import type { Source, SourceReader } from './source.ts';

/** A position of an iterable, or where none was reached yet. */
export interface IterableSplit<P> {
  readonly position?: P;
}

/** How records are read. */
export interface AsyncIterableOptions<T, P> {
  /**
   * Opens the iterable behind a position; without one, at its beginning.
   *
   * @param signal - is aborted when nothing is read any more. The iterator's `return` is called then, too; but one that a
   *   generator function makes learns of that only when it has the record that it waits for.
   */
  open(position: P | undefined, signal: AbortSignal): AsyncIterable<T>;
  /** The position behind a record: plain data, kept as JSON. */
  positionOf(value: T): P;
  /** The timestamp of a record, where a watermark strategy does not say. */
  timestampOf?(value: T): number;
  /** Whether the iterable ends. Default `CONTINUOUS_UNBOUNDED`. */
  readonly boundedness?: 'BOUNDED' | 'CONTINUOUS_UNBOUNDED';
  readonly type?: TypeInformation<T>;
}

/**
 * Reads an async iterable in one subtask.
 *
 * @example
 * ```ts
 * const orders = new AsyncIterableSource({
 *   open: (offset = 0) => readTopic('orders', offset),
 *   positionOf: (order) => order.offset + 1,
 * });
 * ```
 */
export class AsyncIterableSource<T, P> implements Source<T, IterableSplit<P>> {
  readonly boundedness: 'BOUNDED' | 'CONTINUOUS_UNBOUNDED';
  readonly type?: TypeInformation<T>;
  readonly #options: AsyncIterableOptions<T, P>;

  constructor(options: AsyncIterableOptions<T, P>) {
    this.boundedness = options.boundedness ?? 'CONTINUOUS_UNBOUNDED';
    this.#options = options;
    if (options.type !== undefined) {
      this.type = options.type;
    }
  }

  splits(): IterableSplit<P>[] {
    return [{}];
  }

  createReader(splits: readonly IterableSplit<P>[]): SourceReader<T, IterableSplit<P>> {
    const [split] = splits;
    if (split === undefined) {
      return { pollNext: () => 'END_OF_INPUT', isAvailable: () => Promise.resolve(), snapshotState: () => [] };
    }
    const ending = new AbortController();
    const reader = new QueuedReader(this.#read(split.position, ending.signal), split.position);
    return {
      pollNext: (output) => reader.pollNext(output),
      isAvailable: () => reader.isAvailable(),
      snapshotState: () => [reader.position === undefined ? {} : { position: reader.position }],
      close() {
        ending.abort();
        return reader.close();
      },
    };
  }

  // No generator, which would not hand on the end while it waits.
  #read(from: P | undefined, signal: AbortSignal): AsyncIterable<Positioned<T, P | undefined>> {
    const { positionOf, timestampOf } = this.#options;
    const values = this.#options.open(from, signal)[Symbol.asyncIterator]();
    const iterator: AsyncIterator<Positioned<T, P | undefined>, undefined> = {
      async next() {
        const { done, value } = await values.next();
        return done
          ? { done, value: undefined }
          : { done: false, value: { value, timestamp: timestampOf?.(value), position: positionOf(value) } };
      },
      async return() {
        await values.return?.();
        return { done: true, value: undefined };
      },
    };
    return { [Symbol.asyncIterator]: () => iterator };
  }
}
