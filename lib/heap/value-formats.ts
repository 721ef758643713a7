// How what a row holds is written, read and copied, by kind of state. Lists and maps have the bytes of Flink's
// ListSerializer and MapSerializer:
//
//   list: [count: int32][element]…      map: [count: int32]{[key][1 for a null value, else 0][value?]}…
import type { DataOutputView, TypeSerializer } from '../api/type-information.ts';
import { DataInput } from '../bytes/data-input.ts';
import { inputOf, TextOutput, textOf, writeText } from './byte-text.ts';
import type { SnapshotVersions } from './snapshot-versions.ts';

const scratch = new TextOutput();

export interface ValueFormat<V> {
  serialize(value: V, output: DataOutputView): void;
  deserialize(input: DataInput): V;
  /** A copy that shares nothing that could be changed. */
  copy(value: V): V;
}

/** A value that was restored and not used since: its bytes as text. A state's type is known only once it is asked for. */
export class UnreadValue {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

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
        output.writeByte(value === null ? 1 : 0);
        if (value !== null) {
          valueSerializer.serialize(value, output);
        }
      }
    },
    deserialize(input) {
      const map: HeapMap<UV> = new Map();
      for (let left = input.readInt(); left > 0; left--) {
        const start = input.position;
        keySerializer.deserialize(input);
        const id = textOf(input.bytes, start, input.position);
        const value = input.readByte() === 1 ? (null as UV) : valueSerializer.deserialize(input);
        map.set(id, { value, version: versions.current });
      }
      return map;
    },
    // Entries are shared: they are replaced when they change.
    copy: (map) => new Map(map),
  };
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
