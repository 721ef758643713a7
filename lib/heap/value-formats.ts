// How what a row holds is written, read and copied, by kind of state. Lists and maps have the bytes of Flink's
// ListSerializer and MapSerializer:
//
//   list: [count: int32][element]…      map: [count: int32]{[key][1 for a null value, else 0][value?]}…
import type { DataInputView, DataOutputView, TypeSerializer } from '../api/type-information.ts';
import { DataInput } from '../bytes/data-input.ts';
import type { DataOutput } from '../bytes/data-output.ts';
import { readElements, writeElements } from '../bytes/list-elements.ts';
import { inputOf, TextOutput, textOf, writeText } from './byte-text.ts';
import type { SnapshotVersions } from './snapshot-versions.ts';

const scratch = new TextOutput();

/** Reads what is stored; not always what the serializer writes now. */
export interface ValueReader<T> {
  deserialize(input: DataInputView): T;
  /** What a null value of a map is read as, `undefined` being nothing. Default: null. */
  ofNull?(): T | undefined;
}

export interface ValueFormat<V> {
  /** Whether restored values have other bytes than are written now. */
  readonly isMigrated: boolean;
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

/** What was restored, as a value. */
export function readValue<V>(unread: UnreadValue, format: ValueFormat<V>): V {
  const input = inputOf(unread.text);
  return unread instanceof UnreadRow ? format.deserializeRow(input) : format.deserialize(input);
}

/** An entry of a map state, changed in place only at its own version: older ones may be in the map of a snapshot as well. */
export interface HeapMapEntry<UV> {
  value: UV;
  readonly version: number;
}

/** What a row of map state holds: entries by the text of their key's bytes, in the order of insertion. */
export type HeapMap<UV> = Map<string, HeapMapEntry<UV>>;

/** One value, as its serializer writes it. */
export function plainFormat<T>(serializer: TypeSerializer<T>, reader: ValueReader<T> = serializer): ValueFormat<T> {
  return {
    isMigrated: reader !== serializer,
    serialize: (value, output) => serializer.serialize(value, output),
    deserialize: (input) => reader.deserialize(input),
    deserializeRow: (input) => reader.deserialize(input),
    rows: (value) => [{ suffix: '', write: (output) => serializer.serialize(value, output) }],
    copy: (value) => copyOf(value, serializer),
  };
}

/** @param reader - of an element. */
export function listFormat<T>(serializer: TypeSerializer<T>, reader: ValueReader<T> = serializer): ValueFormat<T[]> {
  return {
    isMigrated: reader !== serializer,
    serialize(list, output) {
      output.writeInt(list.length);
      for (const element of list) {
        serializer.serialize(element, output);
      }
    },
    deserialize: (input) => Array.from({ length: input.readInt() }, () => reader.deserialize(input)),
    deserializeRow: (input) => readElements(input, reader),
    rows: (list) => [{ suffix: '', write: (output) => writeElements(list, serializer, output) }],
    copy: (list) => list.map((element) => copyOf(element, serializer)),
  };
}

/** What the entries of a map are written and read with. */
export interface EntrySerializers<UK, UV> {
  readonly key: TypeSerializer<UK>;
  readonly value: TypeSerializer<UV>;
  /** Of values that were restored. */
  readonly reader?: ValueReader<UV> | undefined;
}

export function mapFormat<UK, UV>(
  { key: keySerializer, value: valueSerializer, reader = valueSerializer }: EntrySerializers<UK, UV>,
  versions: SnapshotVersions,
): ValueFormat<HeapMap<UV>> {
  return {
    isMigrated: reader !== valueSerializer,
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
        const value = readMapValue(input, reader);
        if (value !== undefined) {
          map.set(id, { value, version: versions.current });
        }
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
    // Entries are shared: those of older versions are replaced when they change.
    copy: (map) => new Map(map),
  };
}

function writeMapValue<UV>(value: UV, serializer: TypeSerializer<UV>, output: DataOutputView): void {
  output.writeByte(value === null ? 1 : 0);
  if (value !== null) {
    serializer.serialize(value, output);
  }
}

/** The value of a map's entry; `undefined` when there is none. */
export function readMapValue<UV>(input: DataInput, reader: ValueReader<UV>): UV | undefined {
  if (input.readByte() !== 1) {
    return reader.deserialize(input);
  }
  return reader.ofNull === undefined ? (null as UV) : reader.ofNull();
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
