// The values of operator state behind their header: lists first, then broadcast state.
//
//   list       {element}…, each at an offset that the handle has
//   broadcast  [number of entries: int32]{[key][value]}…, at one offset
//
// Compressed state is one stream of Snappy's framing behind the header; at every offset a chunk begins.
import type { OperatorStateOffsets, OperatorStateSnapshot } from '../api/operator-state.ts';
import type { TypeSerializer } from '../api/type-information.ts';
import { DataOutput } from '../bytes/data-output.ts';
import { bytesBetween, offsetAfter, sortedOffsets } from './operator-state-elements.ts';
import { type OperatorStateHeader, writeOperatorStateHeader } from './operator-state-header.ts';
import { SavepointInput } from './savepoint-input.ts';
import type { SnappyCodec } from './snappy-format.ts';
import { DISTRIBUTION_OPTION, type StateDescription } from './state-description.ts';

/** A stream of operator state, whole. */
export interface OperatorStateStream extends OperatorStateSnapshot {
  /** What is read, for messages. */
  readonly source: string;
  /** What uncompresses, when the header says that state is compressed. */
  readonly codec?: SnappyCodec;
}

type Writer = Pick<TypeSerializer<unknown>, 'serialize'>;

/** A list state to be written. */
export interface ListToWrite {
  readonly description: StateDescription;
  readonly serializer: Writer;
  readonly elements: Iterable<unknown>;
}

/** A broadcast state to be written. */
export interface BroadcastToWrite {
  readonly description: StateDescription;
  readonly key: Writer;
  readonly value: Writer;
  /** As many as `size` says. */
  readonly entries: Iterable<readonly [unknown, unknown]> & { readonly size: number };
}

/** A state to be written as it was read: the bytes of each element, or of a broadcast state as a whole. */
export interface BytesToWrite {
  readonly description: StateDescription;
  readonly bytes: readonly Uint8Array[];
}

/** @throws SavepointFormatError when the bytes are damaged. */
export function readListElements<T>(
  stream: OperatorStateStream,
  { name, offsets }: OperatorStateOffsets,
  serializer: TypeSerializer<T>,
): T[] {
  const sorted = sortedOffsets(stream.states);
  return offsets.map((offset, index) =>
    inputAt(stream, offset, sorted).decode(serializer, `element ${index} of '${name}'`),
  );
}

/** @throws SavepointFormatError when the bytes are damaged. */
export function readBroadcastEntries<K, V>(
  stream: OperatorStateStream,
  { name, offsets }: OperatorStateOffsets,
  serializers: { readonly key: TypeSerializer<K>; readonly value: TypeSerializer<V> },
): Map<K, V> {
  const entries = new Map<K, V>();
  // Each subtask has a whole copy, at the first offset.
  for (const offset of offsets.slice(0, 1)) {
    const input = inputAt(stream, offset, sortedOffsets(stream.states));
    for (const [key, value] of decodeEntries(input, name, serializers)) {
      entries.set(key, value);
    }
  }
  return entries;
}

/** Reads the entries of a broadcast state. @throws SavepointFormatError when the bytes are damaged. */
export function* decodeEntries<K, V>(
  input: SavepointInput,
  name: string,
  serializers: { readonly key: TypeSerializer<K>; readonly value: TypeSerializer<V> },
): Generator<readonly [K, V], void> {
  for (let left = input.count(`number of entries of '${name}'`, 1); left > 0; left--) {
    const key = input.decode(serializers.key, `key of '${name}'`);
    yield [key, input.decode(serializers.value, `value of '${name}'`)];
  }
}

/** Writes operator state, uncompressed; answers what the handle says of the stream, too. */
export function writeOperatorState(
  lists: readonly (ListToWrite | BytesToWrite)[],
  broadcasts: readonly (BroadcastToWrite | BytesToWrite)[],
): OperatorStateSnapshot {
  const output = new DataOutput();
  const header: OperatorStateHeader = {
    compressed: false,
    lists: lists.map(({ description }) => description),
    broadcasts: broadcasts.map(({ description }) => description),
  };
  writeOperatorStateHeader(header, output);
  const states = [...lists, ...broadcasts].map((state): OperatorStateOffsets => {
    const { name } = state.description;
    return { name, mode: modeOf(state.description), offsets: [...writeState(state, output)] };
  });
  return { bytes: output.copy(), states };
}

// Answers where each element begins.
function* writeState(state: ListToWrite | BroadcastToWrite | BytesToWrite, output: DataOutput): Generator<number> {
  if ('bytes' in state) {
    for (const bytes of state.bytes) {
      yield output.position;
      output.writeBytes(bytes);
    }
  } else if ('elements' in state) {
    for (const element of state.elements) {
      yield output.position;
      state.serializer.serialize(element, output);
    }
  } else {
    yield output.position;
    writeEntries(state, output);
  }
}

function writeEntries({ entries, key, value }: BroadcastToWrite, output: DataOutput): void {
  output.writeInt(entries.size);
  for (const [itsKey, itsValue] of entries) {
    key.serialize(itsKey, output);
    value.serialize(itsValue, output);
  }
}

/** How a state is given to subtasks. */
export function modeOf({ backendType, options }: StateDescription): OperatorStateOffsets['mode'] {
  if (backendType === 'BROADCAST') {
    return 'BROADCAST';
  }
  return options[DISTRIBUTION_OPTION] === 'UNION' ? 'UNION' : 'SPLIT_DISTRIBUTE';
}

// Of compressed bytes, only those up to the next element.
function inputAt(stream: OperatorStateStream, offset: number, sorted: Float64Array): SavepointInput {
  const { bytes, source, codec } = stream;
  const end = codec === undefined ? bytes.length : offsetAfter(sorted, offset, bytes.length);
  const how = codec === undefined ? '' : ', uncompressed';
  return new SavepointInput(bytesBetween(stream, offset, end), `${source}${how}, from byte ${offset} on`);
}
