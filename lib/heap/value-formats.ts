// How what a row holds is written, read and copied, by kind of state. Lists and maps have the bytes of Flink's
// ListSerializer and MapSerializer:
//
//   list: [count: int32][element]…      map: [count: int32]{[key][1 for a null value, else 0][value?]}…
import type { DataOutputView, TypeSerializer } from '../api/type-information.ts';
import { DataInput } from '../bytes/data-input.ts';
import type { DataOutput } from '../bytes/data-output.ts';
import { readElements, writeElements } from '../bytes/list-elements.ts';
import { inputOf, TextOutput, textOf, writeText } from './byte-text.ts';
import type { SnapshotVersions } from './snapshot-versions.ts';

const scratch = new TextOutput();

export interface ValueFormat<V> {
  serialize(value: V, output: DataOutputView): void;
  deserialize(input: DataInput): V;
  /** Of the value of a row as RocksDB has it; of a map, the row of one entry is no value. */
  deserializeRow(input: DataInput): V;
  /** The rows that RocksDB would have instead. */
  rows(value: V): Iterable<CanonicalRow>;
  /** A copy that shares nothing that could be changed. */
  copy(value: V): V;
}

/** A row as RocksDB has it, and the canonical format. */
export interface CanonicalRow {
  /** What follows the id of the row here: the bytes of a map's key as text. */
  readonly suffix: string;
  write(output: DataOutput): void;
}

/** A value that was restored and not used since: its bytes as text. A state's type is known only once it is asked for. */
export class UnreadValue {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** As {@link UnreadValue}, with the bytes of the row that RocksDB would have: those of a savepoint. */
export class UnreadRow extends UnreadValue {}

/** An entry of a map state, never changed in place. */
export interface HeapMapEntry<UV> {
  readonly value: UV;
  readonly version: number;
}

/** What a row of map state holds: entries by the text of their key's bytes, in the order of insertion. */
export type HeapMap<UV> = Map<string, HeapMapEntry<UV>>;

/** One value, as its serializer writes it. */
export function plainFormat<T>(serializer: TypeSerializer<T>): ValueFormat<T> {
  return {
    serialize: (value, output) => serializer.serialize(value, output),
    deserialize: (input) => serializer.deserialize(input),
    deserializeRow: (input) => serializer.deserialize(input),
    rows: (value) => [{ suffix: '', write: (output) => serializer.serialize(value, output) }],
    copy: (value) => copyOf(value, serializer),
  };
}

export function listFormat<T>(serializer: TypeSerializer<T>): ValueFormat<T[]> {
  return {
    serialize(list, output) {
      output.writeInt(list.length);
      for (const element of list) {
        serializer.serialize(element, output);
      }
    },
    deserialize: (input) => Array.from({ length: input.readInt() }, () => serializer.deserialize(input)),
    deserializeRow: (input) => readElements(input, serializer),
    rows: (list) => [{ suffix: '', write: (output) => writeElements(list, serializer, output) }],
    copy: (list) => list.map((element) => copyOf(element, serializer)),
  };
}

export function mapFormat<UK, UV>(
  keySerializer: TypeSerializer<UK>,
  valueSerializer: TypeSerializer<UV>,
  versions: SnapshotVersions,
): ValueFormat<HeapMap<UV>> {
  return {
    serialize(map, output) {
      output.writeInt(map.size);
      for (const [id, { value }] of map) {
        writeText(id, output);
        writeMapValue(value, valueSerializer, output);
      }
    },
    deserialize(input) {
      const map: HeapMap<UV> = new Map();
      for (let left = input.readInt(); left > 0; left--) {
        const start = input.position;
        keySerializer.deserialize(input);
        const id = textOf(input.bytes, start, input.position);
        map.set(id, { value: readMapValue(input, valueSerializer), version: versions.current });
      }
      return map;
    },
    deserializeRow() {
      throw new TypeError('A map has a row for each entry.');
    },
    *rows(map) {
      for (const [suffix, { value }] of map) {
        yield { suffix, write: (output) => writeMapValue(value, valueSerializer, output) };
      }
    },
    // Entries are shared: they are replaced when they change.
    copy: (map) => new Map(map),
  };
}

function writeMapValue<UV>(value: UV, serializer: TypeSerializer<UV>, output: DataOutputView): void {
  output.writeByte(value === null ? 1 : 0);
  if (value !== null) {
    serializer.serialize(value, output);
  }
}

/** The value of a map's entry. */
export function readMapValue<UV>(input: DataInput, serializer: TypeSerializer<UV>): UV {
  return input.readByte() === 1 ? (null as UV) : serializer.deserialize(input);
}

/** How many entries a row of map state has. */
export function mapSizeOf(value: HeapMap<unknown> | UnreadValue): number {
  return value instanceof UnreadValue ? inputOf(value.text.slice(0, 4)).readInt() : value.size;
}

/** Whether a value could be changed by whoever holds it. */
export function isMutable(value: unknown): boolean {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}

/** A deep copy, through the serializer, of what could be changed. */
export function copyOf<T>(value: T, serializer: TypeSerializer<T>): T {
  if (!isMutable(value)) {
    return value;
  }
  const output = scratch.start();
  serializer.serialize(value, output);
  return serializer.deserialize(new DataInput(output.bytes.subarray(0, output.position)));
}
