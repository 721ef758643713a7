// What the headers of state say of one state:
//
//   [name: UTF][kind of backend state: int32]
//   [number of options: int32]{[key: UTF][value: UTF]}…
//   [number of serializers: int32]{[key: UTF][snapshot]}…
import type { SerializerSnapshot } from '../api/serializer-snapshot.ts';
import type { DataOutputView } from '../api/type-information.ts';
import { describe, rangeError } from '../errors.ts';
import { writeUtf } from './java-utf.ts';
import { readProxySnapshot } from './read-serializer-snapshot.ts';
import type { SavepointInput } from './savepoint-input.ts';
import type { SnapshotForms } from './snapshot-classes.ts';
import { writeProxySnapshot } from './write-serializer-snapshot.ts';

/** What kind of thing a state is to a backend; `KEY_VALUE_V2` is that of the asynchronous states of Flink 2. */
export type BackendStateType = 'KEY_VALUE' | 'OPERATOR' | 'BROADCAST' | 'PRIORITY_QUEUE' | 'KEY_VALUE_V2';

// In the order of Flink's numbers for them.
const BACKEND_STATE_TYPES: readonly BackendStateType[] = [
  'KEY_VALUE',
  'OPERATOR',
  'BROADCAST',
  'PRIORITY_QUEUE',
  'KEY_VALUE_V2',
];

/** The kinds of keyed state; the last two are only in old savepoints. */
export type StoredStateKind = 'VALUE' | 'LIST' | 'REDUCING' | 'AGGREGATING' | 'MAP' | 'FOLDING' | 'UNKNOWN';

/** How operator state is given to subtasks. */
export type DistributionMode = 'SPLIT_DISTRIBUTE' | 'UNION' | 'BROADCAST';

export const STATE_KIND_OPTION = 'KEYED_STATE_TYPE';
export const DISTRIBUTION_OPTION = 'OPERATOR_STATE_DISTRIBUTION_MODE';

/** The serializers of a state, by Flink's names for them. */
export interface StateSerializers {
  /** Of the value, of the list or map as a whole (of its elements or values in `KEY_VALUE_V2`), or of the timer. */
  readonly VALUE_SERIALIZER?: SerializerSnapshot;
  readonly NAMESPACE_SERIALIZER?: SerializerSnapshot;
  /** Of the keys of broadcast state. */
  readonly KEY_SERIALIZER?: SerializerSnapshot;
  /** Of the keys of a map in `KEY_VALUE_V2`. */
  readonly USER_KEY_SERIALIZER?: SerializerSnapshot;
}

/** A state as the header of a stream describes it. */
export interface StateDescription {
  readonly name: string;
  readonly backendType: BackendStateType;
  /** By Flink's names: `KEYED_STATE_TYPE`, for example. */
  readonly options: Readonly<Record<string, string>>;
  readonly serializers: StateSerializers;
}

// An empty name, a type, no options, no serializers.
export const MIN_STATE_BYTES = 14;
const MIN_OPTION_BYTES = 4;
const MIN_SERIALIZER_BYTES = 12;
/** The number of states is a 16-bit integer. */
const MAX_STATES = 0x7fff;

/** The kind of a keyed state, or undefined for a queue of timers. */
export function kindOf(state: StateDescription): StoredStateKind | undefined {
  return state.options[STATE_KIND_OPTION] as StoredStateKind | undefined;
}

export function readStates(input: SavepointInput, field: string, more?: SnapshotForms): StateDescription[] {
  const count = input.short(`number of ${field}s`);
  if (count < 0 || count * MIN_STATE_BYTES > input.remaining) {
    input.fail(`number of ${field}s`, `it says ${count}, but only ${input.remaining} bytes are left`);
  }
  return Array.from({ length: count }, (_, index) =>
    input.in(`${field} ${index}`, () => readStateDescription(input, more)),
  );
}

export function writeStates(states: readonly StateDescription[], output: DataOutputView): void {
  if (states.length > MAX_STATES) {
    throw rangeError(
      'ERR_SAVEPOINT_TOO_MANY_STATES',
      `A savepoint holds up to ${MAX_STATES} states of an operator; there are ${states.length}.`,
    );
  }
  output.writeShort(states.length);
  for (const state of states) {
    writeStateDescription(state, output);
  }
}

function readStateDescription(input: SavepointInput, more: SnapshotForms | undefined): StateDescription {
  const name = input.utf('name');
  const ordinal = input.int('backend state type');
  const backendType = BACKEND_STATE_TYPES[ordinal];
  if (backendType === undefined) {
    input.fail('backend state type', `${ordinal} is not known`);
  }
  const options = Object.fromEntries(
    input.list('option', MIN_OPTION_BYTES, () => [input.utf('key'), input.utf('value')] as const),
  );
  return { name, backendType, options, serializers: readSerializers(name, input, more) };
}

function readSerializers(name: string, input: SavepointInput, more: SnapshotForms | undefined): StateSerializers {
  input.stateName = name;
  const serializers = input.list('serializer', MIN_SERIALIZER_BYTES, () => {
    const key = input.utf('key');
    return [key, input.in(key, () => readProxySnapshot(input, more))] as const;
  });
  input.stateName = undefined;
  return Object.fromEntries(serializers);
}

function writeStateDescription(state: StateDescription, output: DataOutputView): void {
  writeUtf(state.name, output);
  const ordinal = BACKEND_STATE_TYPES.indexOf(state.backendType);
  if (ordinal < 0) {
    throw rangeError('ERR_SAVEPOINT_STATE_TYPE', `There is no backend state type ${describe(state.backendType)}.`);
  }
  output.writeInt(ordinal);
  const options = Object.entries(state.options);
  output.writeInt(options.length);
  for (const [key, value] of options) {
    writeUtf(key, output);
    writeUtf(value, output);
  }
  const serializers = Object.entries(state.serializers) as [string, SerializerSnapshot][];
  output.writeInt(serializers.length);
  for (const [key, snapshot] of serializers) {
    writeUtf(key, output);
    writeProxySnapshot(snapshot, output);
  }
}
