// State as it lies in a savepoint or checkpoint: what is read of it without a backend.
import type { KeyGroupRange } from './checkpoint.ts';
import type { StateKind } from './descriptors.ts';

/** How keyed state is laid out: in Flink's canonical format, or in that of one backend of Flink or of rockstate. */
export type KeyedStateLayout =
  | 'canonical'
  | 'flink-heap'
  | 'flink-rocksdb'
  | 'flink-raw-timers'
  | 'rockstate-rocksdb'
  | 'rockstate-timers'
  | 'rockstate-hashmap';

/** A keyed state, as a savepoint or checkpoint describes it. Types are named as `Types` names its own. */
export interface ReadableState {
  readonly name: string;
  /** `UNKNOWN` is what only old releases of Flink wrote; it is read as a value. */
  readonly kind: StateKind | 'TIMERS' | 'UNKNOWN';
  readonly keyType: string;
  readonly namespaceType: string;
  /** Of the keys of a map; only maps have it. */
  readonly userKeyType?: string;
  /** Of a value, of the elements of a list, of the values of a map, of an accumulator; timers have none. */
  readonly valueType?: string;
  /** Why rows can only be read as bytes: a class that is not known, for example. */
  readonly problem?: Error;
}

/** Which of the rows are read. */
export interface StateRowOptions {
  /** Default: all key groups. */
  readonly keyGroups?: KeyGroupRange;
}

/** A row of keyed state: a value, a list, an entry of a map, or a timer. */
export interface StateRow {
  readonly keyGroup: number;
  readonly key: unknown;
  /** Undefined where the state has no namespaces. */
  readonly namespace: unknown;
  /** Only in entries of maps. */
  readonly userKey?: unknown;
  /** A list as an array; timers have none. */
  readonly value?: unknown;
  /** Only in timers: milliseconds since 1970, or what the program counts event time in. */
  readonly timestamp?: bigint;
}

/** A row of keyed state as it is in RocksDB. */
export interface RawStateRow {
  readonly keyGroup: number;
  /** What follows the key group: key, namespace, and a map's key. */
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

/** Where the keyed state of one subtask is. */
export interface KeyedStatePart {
  readonly subtask: number;
  readonly layout: KeyedStateLayout;
  readonly keyGroupRange: KeyGroupRange;
  readonly sizeBytes: number;
}

/** State of an operator that is not keyed, as a savepoint or checkpoint describes it. */
export interface ReadableOperatorState {
  readonly name: string;
  readonly mode: 'SPLIT_DISTRIBUTE' | 'UNION' | 'BROADCAST';
  /** Of the keys of broadcast state; only that has it. */
  readonly keyType?: string;
  /** Of elements, or of the values of broadcast state. */
  readonly valueType: string;
  readonly problem?: Error;
}

/** What one subtask has of a state that is not keyed. */
export interface OperatorStatePart {
  readonly subtask: number;
  readonly mode: ReadableOperatorState['mode'];
  /** Of broadcast state, pairs of key and value. */
  readonly elements: readonly unknown[];
}
