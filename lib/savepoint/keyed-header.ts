// The header of a stream of keyed state, in savepoints and in checkpoints:
//
//   [version 6: int32][1 when key groups are compressed, else 0][snapshot of the key's serializer]
//   [number of states: int16]{state}…
//
// States are described in state-description.ts; in what follows, a state is named by its place here.
import type { SerializerSnapshot } from '../api/serializer-snapshot.ts';
import type { DataOutputView } from '../api/type-information.ts';
import { readProxySnapshot } from './read-serializer-snapshot.ts';
import type { SavepointInput } from './savepoint-input.ts';
import type { SnapshotForms } from './snapshot-classes.ts';
import { readStates, type StateDescription, writeStates } from './state-description.ts';
import { writeProxySnapshot } from './write-serializer-snapshot.ts';

/** What a stream of keyed state says of itself. */
export interface KeyedHeader {
  /** Whether key groups are compressed with Snappy. */
  readonly compressed: boolean;
  /** Of the key's serializer. */
  readonly key: SerializerSnapshot;
  /** Rows name a state by its place here. */
  readonly states: readonly StateDescription[];
}

const VERSION = 6;

export function writeKeyedHeader(header: KeyedHeader, output: DataOutputView): void {
  output.writeInt(VERSION);
  output.writeByte(header.compressed ? 1 : 0);
  writeProxySnapshot(header.key, output);
  writeStates(header.states, output);
}

/**
 * Reads a header; the input is behind it then.
 *
 * @param more - how snapshots of the program's own classes are laid out.
 * @throws SavepointFormatError when the bytes are damaged, or of Flink before 1.8.
 * @throws UnknownSerializerError when a serializer's class is not known, which names it and its state. Rows can still be
 * read, as bytes, at the offsets of the key groups.
 */
export function readKeyedHeader(input: SavepointInput, more?: SnapshotForms): KeyedHeader {
  const version = input.int('version of keyed state');
  if (version !== VERSION) {
    const advice = version > 0 && version < VERSION ? '; let Flink 1.16 take a savepoint of it first' : '';
    input.fail('version of keyed state', `${version} is not ${VERSION}, that of Flink 1.8 and later${advice}`);
  }
  const compressed = input.boolean('whether key groups are compressed');
  const key = input.in('key serializer', () => readProxySnapshot(input, more));
  return { compressed, key, states: readStates(input, 'state', more) };
}
