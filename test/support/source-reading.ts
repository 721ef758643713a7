// Reads a source without a job, as a subtask does.
import type { Source, SourceReader } from '../../lib/job/sources/source.ts';

/** What a reader has put out. */
export interface Reading<T, S> {
  readonly values: T[];
  readonly timestamps: (number | undefined)[];
  readonly reader: SourceReader<T, S>;
}

/** Polls until so many records were put out, at least, or all. */
export async function read<T, S>(
  source: Source<T, S>,
  splits: readonly S[],
  limit: number = Number.POSITIVE_INFINITY,
): Promise<Reading<T, S>> {
  const reader = source.createReader(splits, { subtaskIndex: 0, parallelism: 1 });
  const values: T[] = [];
  const timestamps: (number | undefined)[] = [];
  await reader.start?.();
  while (values.length < limit) {
    const status = reader.pollNext({
      collect(value, timestamp) {
        values.push(value);
        timestamps.push(timestamp);
      },
      markIdle() {},
    });
    if (status === 'END_OF_INPUT') {
      break;
    }
    if (status === 'NOTHING_AVAILABLE') {
      await reader.isAvailable();
    }
  }
  return { values, timestamps, reader };
}

/** All records of a source from its beginning. */
export async function readAll<T, S>(source: Source<T, S>): Promise<T[]> {
  const { reader, values } = await read(source, await source.splits({ parallelism: 1 }));
  await reader.close?.();
  return values;
}
