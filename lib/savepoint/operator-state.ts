// The values of operator state behind their header: lists first, then broadcast state.
//
//   list       {element}…, each at an offset that the handle has
//   broadcast  [number of entries: int32]{[key][value]}…, at one offset
//
// Compressed state is one stream of Snappy's framing behind the header; at every offset a chunk begins.
import type { TypeSerializer } from '../api/type-information.ts';
import { DataOutput } from '../bytes/data-output.ts';
import type { OperatorStateOffsets } from './handles.ts';
import { type OperatorStateHeader, writeOperatorStateHeader } from './operator-state-header.ts';
import { SavepointInput } from './savepoint-input.ts';
import type { SnappyCodec } from './snappy-format.ts';
import { uncompressFrames } from './snappy-frame-reader.ts';
import { DISTRIBUTION_OPTION, type StateDescription } from './state-description.ts';

/** A stream of operator state, whole. */
export interface OperatorStateStream {
  readonly bytes: Uint8Array;
  /** What is read, for messages. */
  readonly source: string;
  /** What the handle says of the stream. */
  readonly states: readonly OperatorStateOffsets[];
  /** What uncompresses, when the header says that state is compressed. */
  readonly codec?: SnappyCodec;
}

/** A list state to be written. */
export interface ListToWrite {
  readonly description: StateDescription;
  readonly serializer: TypeSerializer<unknown>;
  readonly elements: Iterable<unknown>;
}

/** A broadcast state to be written. */
export interface BroadcastToWrite {
  readonly description: StateDescription;
  readonly key: TypeSerializer<unknown>;
  readonly value: TypeSerializer<unknown>;
  readonly entries: ReadonlyMap<unknown, unknown>;
}

/** @throws SavepointFormatError when the bytes are damaged. */
export function readListElements<T>(
  stream: OperatorStateStream,
  { name, offsets }: OperatorStateOffsets,
  serializer: TypeSerializer<T>,
): T[] {
  return offsets.map((offset, index) => inputAt(stream, offset).decode(serializer, `element ${index} of '${name}'`));
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
    const input = inputAt(stream, offset);
    for (let left = input.count(`number of entries of '${name}'`, 1); left > 0; left--) {
      const key = input.decode(serializers.key, `key of '${name}'`);
      entries.set(key, input.decode(serializers.value, `value of '${name}'`));
    }
  }
  return entries;
}

/** Writes operator state, uncompressed; answers what the handle says of the stream, too. */
export function writeOperatorState(
  lists: readonly ListToWrite[],
  broadcasts: readonly BroadcastToWrite[],
): Pick<OperatorStateStream, 'bytes' | 'states'> {
  const output = new DataOutput();
  const header: OperatorStateHeader = {
    compressed: false,
    lists: lists.map(({ description }) => description),
    broadcasts: broadcasts.map(({ description }) => description),
  };
  writeOperatorStateHeader(header, output);
  const states: OperatorStateOffsets[] = [];
  for (const { description, serializer, elements } of lists) {
    const offsets: number[] = [];
    for (const element of elements) {
      offsets.push(output.position);
      serializer.serialize(element, output);
    }
    states.push({ name: description.name, mode: modeOf(description), offsets });
  }
  for (const { description, key, value, entries } of broadcasts) {
    states.push({ name: description.name, mode: 'BROADCAST', offsets: [output.position] });
    output.writeInt(entries.size);
    for (const [itsKey, itsValue] of entries) {
      key.serialize(itsKey, output);
      value.serialize(itsValue, output);
    }
  }
  return { bytes: output.copy(), states };
}

function modeOf(description: StateDescription): OperatorStateOffsets['mode'] {
  return description.options[DISTRIBUTION_OPTION] === 'UNION' ? 'UNION' : 'SPLIT_DISTRIBUTE';
}

function inputAt(stream: OperatorStateStream, offset: number): SavepointInput {
  const { bytes, source, codec } = stream;
  if (offset < 0 || offset > bytes.length) {
    new SavepointInput(bytes, source).fail('offset', `${offset} is not within its ${bytes.length} bytes`, 0);
  }
  if (codec === undefined) {
    return new SavepointInput(bytes.subarray(offset), `${source}, from byte ${offset} on`);
  }
  const end = Math.min(
    bytes.length,
    ...stream.states.flatMap(({ offsets }) => offsets.filter((next) => next > offset)),
  );
  const chunks = uncompressFrames(bytes.subarray(offset, end), codec, { source, offset });
  return new SavepointInput(chunks, `${source}, uncompressed from byte ${offset} on`);
}
