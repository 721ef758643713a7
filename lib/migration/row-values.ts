// The value of a row of RocksDB, from what is stored to what the new serializer writes.
import type { StateKind } from '../api/descriptors.ts';
import { DataInput } from '../bytes/data-input.ts';
import { DataOutput } from '../bytes/data-output.ts';
import { readElements, writeElements } from '../bytes/list-elements.ts';
import { SerializationError } from '../errors.ts';
import { readMapValue } from '../heap/value-formats.ts';
import type { ValueMigration } from './stamps.ts';

/** As long as lists get that RocksDB joins. */
const MAX_LIST_BYTES = 256 * 1024 * 1024;
const NOT_NULL = 0;
const NULL = 1;

/** Answers a row's new value, which is good until the next one is asked for. */
export type RowChange = (value: Uint8Array) => Uint8Array;

/** How the rows of a kind of state change. It throws what reading or writing throws. */
export function rowChangeOf(kind: StateKind, migration: ValueMigration): RowChange {
  const output = new DataOutput();
  const write = KINDS[kind];
  return (value) => {
    output.position = 0;
    write(value, output, migration);
    return output.bytes.subarray(0, output.position);
  };
}

type Change = (value: Uint8Array, output: DataOutput, migration: ValueMigration) => void;

const KINDS: Readonly<Record<StateKind, Change>> = {
  VALUE: changeValue,
  REDUCING: changeValue,
  AGGREGATING: changeValue,
  LIST: changeList,
  MAP: changeMapValue,
};

function changeValue(value: Uint8Array, output: DataOutput, { reader, serializer }: ValueMigration): void {
  serializer.serialize(reader.deserialize(new DataInput(value)), output);
}

function changeList(value: Uint8Array, output: DataOutput, { reader, serializer }: ValueMigration): void {
  if (value.length > MAX_LIST_BYTES) {
    throw new SerializationError(
      `A list of ${value.length} bytes is too long: up to ${MAX_LIST_BYTES} can be migrated.`,
    );
  }
  writeElements(readElements(new DataInput(value), reader), serializer, output);
}

function changeMapValue(value: Uint8Array, output: DataOutput, { reader, serializer }: ValueMigration): void {
  const read = readMapValue(new DataInput(value), reader);
  const isNull = read === null || read === undefined;
  output.writeByte(isNull ? NULL : NOT_NULL);
  if (!isNull) {
    serializer.serialize(read, output);
  }
}
