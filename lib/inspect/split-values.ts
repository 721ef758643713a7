// Takes lists and maps apart that are stored as a whole, as heap backends do, into the rows that RocksDB has. Bytes are copied
// as they are: types only tell where each item ends.
import { DataOutput } from '../bytes/data-output.ts';
import { LIST_DELIMITER } from '../bytes/list-elements.ts';
import { isAmbiguous, writeItemLength } from '../keys/composite-key.ts';
import type { AnyType } from '../savepoint/known-types.ts';
import type { SavepointInput } from '../savepoint/savepoint-input.ts';
import type { StateTypes } from './state-types.ts';

/** A row, without its key group. */
export interface SplitRow {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

/** Bytes, and what reads them. */
export interface SplitInput {
  readonly bytes: Uint8Array;
  /** Over the same bytes. */
  readonly input: SavepointInput;
}

const NOTHING = new Uint8Array(0);

/** The key of a row of RocksDB: with lengths where key and namespace could not be told apart. */
export function joinKey(
  key: Uint8Array,
  namespace: Uint8Array,
  types: Pick<StateTypes, 'key' | 'namespace'>,
): Uint8Array {
  const output = new DataOutput(new Uint8Array(key.length + namespace.length + 10));
  const hasLengths = isAmbiguous(types.key.serializer, types.namespace.serializer);
  output.writeBytes(key);
  if (hasLengths) {
    writeItemLength(key.length, output);
  }
  output.writeBytes(namespace);
  if (hasLengths) {
    writeItemLength(namespace.length, output);
  }
  return output.copy();
}

/** The bytes of the value that comes next. */
export function takeValue({ bytes, input }: SplitInput, type: AnyType, field: string): Uint8Array {
  const start = input.offset;
  input.decode(type.serializer, field);
  return bytes.subarray(start, input.offset);
}

/**
 * The rows of what comes next: a value, list or map.
 *
 * @param key - of the row; keys of maps are put behind it.
 * @throws SavepointFormatError when the bytes are damaged.
 */
export function* splitValue(from: SplitInput, key: Uint8Array, types: StateTypes): Generator<SplitRow, void> {
  const value = types.value as AnyType;
  if (types.kind === 'LIST') {
    yield* splitList(from, key, value);
  } else if (types.kind === 'MAP') {
    yield* splitMap(from, key, types);
  } else {
    yield { key, value: takeValue(from, value, 'value') };
  }
}

function* splitList(from: SplitInput, key: Uint8Array, element: AnyType): Generator<SplitRow, void> {
  const count = readCount(from, 'number of elements', element);
  const output = new DataOutput();
  for (let index = 0; index < count; index++) {
    if (index > 0) {
      output.writeByte(LIST_DELIMITER);
    }
    output.writeBytes(takeValue(from, element, `element ${index}`));
  }
  // RocksDB has no row for a list without elements.
  if (count > 0) {
    yield { key, value: output.copy() };
  }
}

function* splitMap(from: SplitInput, key: Uint8Array, types: StateTypes): Generator<SplitRow, void> {
  const userKey = types.userKey as AnyType;
  for (let left = readCount(from, 'number of entries', userKey); left > 0; left--) {
    const itsKey = takeValue(from, userKey, 'key of an entry');
    const isNull = from.input.boolean('whether the value is null');
    const value = isNull ? NOTHING : takeValue(from, types.value as AnyType, 'value of an entry');
    yield { key: Buffer.concat([key, itsKey]), value: Buffer.concat([Uint8Array.of(isNull ? 1 : 0), value]) };
  }
}

// Some types take no bytes.
function readCount({ input }: SplitInput, field: string, type: AnyType): number {
  return input.count(field, type.serializer.length === 0 ? 0 : 1);
}
