// State of an operator that belongs to no key, as checkpoints and savepoints hold it. Plain data.
import type { SerializerLookup } from './savepoint.ts';

/** Where the elements of an operator's state are in the bytes of a subtask. */
export interface OperatorStateOffsets {
  readonly name: string;
  /** How it is given to subtasks: a part of the elements, all of them, or one copy of a map. */
  readonly mode: 'SPLIT_DISTRIBUTE' | 'UNION' | 'BROADCAST';
  /** Of each element, in bytes; of a map, only its own. */
  readonly offsets: readonly number[];
}

/** The operator state of one subtask, in Flink's bytes. */
export interface OperatorStateSnapshot {
  readonly bytes: Uint8Array;
  readonly states: readonly OperatorStateOffsets[];
}

/** The operator state of a subtask, and which it was. */
export interface SubtaskOperatorState extends OperatorStateSnapshot {
  /** From 0 on. */
  readonly subtask: number;
}

/** The operator state of all subtasks of an operator. */
export interface StoredOperatorState {
  /** How many subtasks there were. */
  readonly parallelism: number;
  /** Those that have some. */
  readonly subtasks: readonly SubtaskOperatorState[];
  /** What is read, for messages. */
  readonly source: string;
  /** How values are read. Default: as formats that are known are. */
  readonly types?: SerializerLookup;
}
