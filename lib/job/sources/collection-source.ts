// Records that are there already.
import type { TypeInformation } from '../../api/type-information.ts';
import { POLL_RECORDS, type Source, type SourceReader } from './source.ts';

/** How many records were read. */
export interface CollectionSplit {
  readonly position: number;
}

export class CollectionSource<T> implements Source<T, CollectionSplit> {
  readonly boundedness = 'BOUNDED';
  readonly type?: TypeInformation<T>;
  readonly #values: readonly T[];

  constructor(values: Iterable<T>, type?: TypeInformation<T>) {
    this.#values = [...values];
    if (type !== undefined) {
      this.type = type;
    }
  }

  splits(): CollectionSplit[] {
    return [{ position: 0 }];
  }

  createReader(splits: readonly CollectionSplit[]): SourceReader<T, CollectionSplit> {
    const values = this.#values;
    let position = splits[0]?.position ?? values.length;
    return {
      pollNext(output) {
        const end = Math.min(position + POLL_RECORDS, values.length);
        while (position < end) {
          output.collect(values[position++] as T);
        }
        return position < values.length ? 'MORE_AVAILABLE' : 'END_OF_INPUT';
      },
      isAvailable: () => Promise.resolve(),
      snapshotState: () => (splits.length === 0 ? [] : [{ position }]),
    };
  }
}
