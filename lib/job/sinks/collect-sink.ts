// Keeps the records of a job in memory, each once: those that a failure makes the job read again are not counted twice.
import { typeError } from '../../errors.ts';
import { ambient } from '../ambient.ts';
import type { Sink, SinkWriter } from './sink.ts';

/** Records that wait for their checkpoint, by a number that is kept in it. */
type Batches<T> = Map<number, readonly T[]>;

export class CollectSink<T> implements Sink<T, number> {
  readonly #batches: Batches<T> = new Map();
  readonly #collected: T[] = [];
  #nextBatch = 1;

  /** What has been committed so far. */
  get collected(): readonly T[] {
    return this.#collected;
  }

  /** @throws TypeError `ERR_INVALID_WORKERS` in a worker, whose memory is not the program's. */
  createWriter(): SinkWriter<T, number> {
    if (ambient()?.join !== undefined) {
      throw typeError(
        'ERR_INVALID_WORKERS',
        'A CollectSink, as that of executeAndCollect, keeps records in the memory of the thread that runs it, so the job ' +
          'must run without workers; with them, use a sink that writes elsewhere.',
      );
    }
    let values: T[] = [];
    return {
      write(value) {
        values.push(value);
      },
      snapshot: () => {
        if (values.length === 0) {
          return [];
        }
        const batch = this.#nextBatch++;
        this.#batches.set(batch, values);
        values = [];
        return [batch];
      },
      commit: (batches) => {
        for (const batch of batches) {
          for (const value of this.#batches.get(batch) ?? []) {
            this.#collected.push(value);
          }
          this.#batches.delete(batch);
        }
      },
    };
  }
}
