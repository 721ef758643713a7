// Reads the rows of a state by its types.
import type { RawStateRow, StateRow } from '../api/stored-state.ts';
import { DataInput } from '../bytes/data-input.ts';
import { readElements } from '../bytes/list-elements.ts';
import { SavepointFormatError } from '../errors.ts';
import { isAmbiguous, skipItemLength } from '../keys/composite-key.ts';
import type { AnyType } from '../savepoint/known-types.ts';
import { timerSerializer } from '../savepoint/timers.ts';
import type { StateTypes } from './state-types.ts';

/** Whose rows are read, for messages. */
export interface RowOrigin {
  readonly source: string;
  readonly stateName: string;
}

/** @throws SavepointFormatError when the bytes are not of these types. */
export function decodeRow(row: RawStateRow, types: StateTypes, { source, stateName }: RowOrigin): StateRow {
  try {
    return types.kind === 'TIMERS' ? decodeTimer(row, types) : decodeValue(row, types);
  } catch (cause) {
    const field = `key group ${row.keyGroup}, row of state '${stateName}'`;
    throw new SavepointFormatError((cause as Error).message, { source, offset: 0, field }, { cause });
  }
}

function decodeTimer({ keyGroup, key: bytes }: RawStateRow, { key, namespace }: StateTypes): StateRow {
  const input = new DataInput(bytes);
  const timer = timerSerializer(key.serializer, namespace.serializer).deserialize(input);
  checkEnd(input, 'key');
  return { keyGroup, ...timer };
}

function decodeValue({ keyGroup, key: bytes, value }: RawStateRow, types: StateTypes): StateRow {
  const input = new DataInput(bytes);
  const hasLengths = isAmbiguous(types.key.serializer, types.namespace.serializer);
  const key = readItem(input, types.key, hasLengths);
  const namespace = readItem(input, types.namespace, hasLengths);
  const userKey = types.userKey?.serializer.deserialize(input);
  checkEnd(input, 'key');
  const itsValue = decode(new DataInput(value), types);
  const place = { keyGroup, key, namespace };
  return types.userKey === undefined ? { ...place, value: itsValue } : { ...place, userKey, value: itsValue };
}

function readItem(input: DataInput, { serializer }: AnyType, hasLength: boolean): unknown {
  const start = input.position;
  const item = serializer.deserialize(input);
  if (hasLength) {
    skipItemLength(input.position - start, input);
  }
  return item;
}

function decode(input: DataInput, types: StateTypes): unknown {
  const { serializer } = types.value as AnyType;
  if (types.kind === 'LIST') {
    return readElements(input, serializer);
  }
  // What follows the flag of a null value counts for nothing.
  if (types.kind === 'MAP' && input.readByte() === 1) {
    return null;
  }
  const value = serializer.deserialize(input);
  checkEnd(input, 'value');
  return value;
}

function checkEnd(input: DataInput, what: string): void {
  if (input.remaining > 0) {
    throw new RangeError(`The ${what} has ${input.remaining} bytes more than its types read.`);
  }
}
