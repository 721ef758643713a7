// The keyed state of one subtask, whatever its layout: all are read as the rows that RocksDB has.
import type { KeyGroupRange } from '../api/checkpoint.ts';
import type { SerializerSnapshot } from '../api/serializer-snapshot.ts';
import type { KeyedStatePart, RawStateRow, ReadableState } from '../api/stored-state.ts';
import type { StateDescription } from '../savepoint/state-description.ts';

/** A state of a part. */
export interface PartState {
  readonly name: string;
  readonly kind: ReadableState['kind'];
  /** Checkpoints of earlier releases are without. */
  readonly description: StateDescription | undefined;
}

/** What a part says of itself. */
export interface PartHeader {
  readonly compressed: boolean;
  /** Of the key's serializer; undefined where the checkpoint says only its id, and that is not known. */
  readonly key: SerializerSnapshot | undefined;
  /** The id of the key's serializer. */
  readonly keyFormat: string;
  readonly states: readonly PartState[];
}

/** A row, and of which state it is. */
export interface PartRow extends RawStateRow {
  /** The state's place in the header. */
  readonly stateId: number;
}

/** Which rows of a part are read. */
export interface RowSelection {
  readonly keyGroups: KeyGroupRange;
  /** By the state's place in the header. */
  isWanted(stateId: number): boolean;
}

/** The keyed state of one subtask. */
export interface KeyedPart extends KeyedStatePart {
  readonly maxParallelism: number;
  /** Where it is, for messages. */
  readonly source: string;
  /** @throws SavepointFormatError or UnknownSerializerError when it can't be read. */
  header(): Promise<PartHeader>;
  /** In the order of key groups; in each, the rows of a state are together. */
  rows(selection: RowSelection): AsyncGenerator<PartRow, void>;
}
