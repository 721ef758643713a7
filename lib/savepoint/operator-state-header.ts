// The header of a stream of operator state:
//
//   [version 6: int32][1 when compressed, else 0][number of list states: int16]{state}…
//   [number of broadcast states: int16]{state}…
//
// Version 5, of Flink up to 1.17, does not say whether it is compressed, and is not.
import type { DataOutputView } from '../api/type-information.ts';
import type { SavepointInput } from './savepoint-input.ts';
import type { SnapshotForms } from './snapshot-classes.ts';
import { readStates, type StateDescription, writeStates } from './state-description.ts';

/** What a stream of operator state says of itself. */
export interface OperatorStateHeader {
  readonly compressed: boolean;
  /** Split and union state. */
  readonly lists: readonly StateDescription[];
  readonly broadcasts: readonly StateDescription[];
}

const VERSION = 6;
const LAST_VERSION_WITHOUT_COMPRESSION = 5;

export function writeOperatorStateHeader(header: OperatorStateHeader, output: DataOutputView): void {
  output.writeInt(VERSION);
  output.writeByte(header.compressed ? 1 : 0);
  writeStates(header.lists, output);
  writeStates(header.broadcasts, output);
}

/**
 * @throws SavepointFormatError when the bytes are damaged, or of Flink before 1.8.
 * @throws UnknownSerializerError when a serializer's class is not known, which names it and its state.
 */
export function readOperatorStateHeader(input: SavepointInput, more?: SnapshotForms): OperatorStateHeader {
  const version = input.int('version of operator state');
  if (version !== VERSION && version !== LAST_VERSION_WITHOUT_COMPRESSION) {
    input.fail('version of operator state', `${version} is not ${LAST_VERSION_WITHOUT_COMPRESSION} or ${VERSION}`);
  }
  const compressed = version === VERSION && input.boolean('whether it is compressed');
  const lists = readStates(input, 'list state', more);
  return { compressed, lists, broadcasts: readStates(input, 'broadcast state', more) };
}
