// What all layouts of keyed state share: who the part is, its header, read once, and the key groups that rows are read of.
import type { KeyGroupRange } from '../api/checkpoint.ts';
import { intersection } from '../keys/key-groups.ts';
import type { KeyedPart, PartHeader, PartRow, RowSelection } from './keyed-part.ts';

/** What is known of a part before it is read. */
export type PartIdentity = Pick<KeyedPart, 'subtask' | 'keyGroupRange' | 'maxParallelism' | 'sizeBytes' | 'source'>;

export abstract class StoredPart implements KeyedPart {
  abstract readonly layout: KeyedPart['layout'];
  readonly subtask: number;
  readonly keyGroupRange: KeyGroupRange;
  readonly maxParallelism: number;
  readonly sizeBytes: number;
  readonly source: string;
  #header: Promise<PartHeader> | undefined;

  constructor({ subtask, keyGroupRange, maxParallelism, sizeBytes, source }: PartIdentity) {
    this.subtask = subtask;
    this.keyGroupRange = keyGroupRange;
    this.maxParallelism = maxParallelism;
    this.sizeBytes = sizeBytes;
    this.source = source;
  }

  header(): Promise<PartHeader> {
    this.#header ??= this.readHeader();
    return this.#header;
  }

  rows({ keyGroups, isWanted }: RowSelection): AsyncGenerator<PartRow, void> {
    const wanted = intersection(keyGroups, this.keyGroupRange);
    return wanted === undefined ? noRows() : this.readRows({ keyGroups: wanted, isWanted });
  }

  protected abstract readHeader(): Promise<PartHeader>;

  /** @param selection - its key groups are the part's own. */
  protected abstract readRows(selection: RowSelection): AsyncGenerator<PartRow, void>;
}

async function* noRows(): AsyncGenerator<PartRow, void> {}
