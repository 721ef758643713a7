// What a type of keys or state values is: how it is written, read, and hashed to a key group.
import type { SchemaCompatibility } from './schema-compatibility.ts';
import type { SerializerSnapshot } from './serializer-snapshot.ts';

/** Where serializers write: a growing buffer, big-endian like Java's `DataOutput`. */
export interface DataOutputView {
  /** Writes the low 8 bits. */
  writeByte(value: number): void;
  /** Writes the low 16 bits, big-endian two's complement. */
  writeShort(value: number): void;
  /** Writes the low 32 bits, big-endian two's complement. */
  writeInt(value: number): void;
  /** Writes the low 64 bits, big-endian two's complement. */
  writeLong(value: bigint): void;
  /** Writes IEEE-754 binary32 bits, big-endian. */
  writeFloat(value: number): void;
  /** Writes IEEE-754 binary64 bits, big-endian. */
  writeDouble(value: number): void;
  /** Writes the bytes as they are, without a length. */
  writeBytes(bytes: Uint8Array): void;
  /** Writes groups of 7 bits, lowest first, the high bit set on all but the last byte. */
  writeVarint(value: number): void;
}

/** Where serializers read. Reading past the end throws a `SerializationError`. */
export interface DataInputView {
  /** Bytes not read yet. */
  readonly remaining: number;
  /** From 0 to 255. */
  readByte(): number;
  /** From -2^15 to 2^15-1. */
  readShort(): number;
  readInt(): number;
  readLong(): bigint;
  readFloat(): number;
  readDouble(): number;
  /** A copy of the next `length` bytes. */
  readBytes(length: number): Uint8Array;
  readVarint(): number;
}

/** Turns values of one type into bytes and back. It keeps nothing of a value between calls. */
export interface TypeSerializer<T> {
  /** Identifies the byte format in checkpoints: Flink's class name where the bytes are Flink's. */
  readonly id: string;
  /** Bytes of every value, or -1 when values differ in length. */
  readonly length: number;
  /**
   * What a savepoint tells Flink of this serializer, where Flink has one that writes the same bytes. A savepoint of state with
   * any other serializer can be read here, and by no Flink.
   */
  readonly snapshot?: SerializerSnapshot;
  /** How to find the end of a value without reading it, as `bytes/value-layout.ts` describes it; absent where nothing tells. */
  readonly layout?: string;
  /**
   * Compares what is stored with this serializer. Without it, only what was written by a serializer with the same `id` can be
   * used; where the ids are the same, nobody asks. A serializer without `snapshot` is stored with `kind` 'own' and its `id`, so
   * that a format whose versions have ids of their own can tell them apart. Types that are made of this one ask it for theirs.
   *
   * @example
   * ```ts
   * interface Point { x: number; y: number; z: number }
   *
   * // Version 1 had no z.
   * const pointSerializer: TypeSerializer<Point> = {
   *   id: 'example.Point[2]',
   *   length: 24,
   *   serialize(point, output) {
   *     output.writeDouble(point.x);
   *     output.writeDouble(point.y);
   *     output.writeDouble(point.z);
   *   },
   *   deserialize: (input) => ({ x: input.readDouble(), y: input.readDouble(), z: input.readDouble() }),
   *   resolve(stored) {
   *     if (stored.kind !== 'own' || stored.id !== 'example.Point[1]') {
   *       return { kind: 'incompatible', reason: 'only points of version 1 can become points of version 2' };
   *     }
   *     const reader = { deserialize: (input: DataInputView) => ({ x: input.readDouble(), y: input.readDouble(), z: 0 }) };
   *     return { kind: 'after-migration', reader };
   *   },
   * };
   * ```
   */
  resolve?(stored: SerializerSnapshot): SchemaCompatibility<T>;
  /** @throws SerializationError when the value can't be written without loss. */
  serialize(value: T, output: DataOutputView): void;
  /** @throws SerializationError when the bytes are not of this format. */
  deserialize(input: DataInputView): T;
}

/** A type that state can hold. `Types` has the built-in ones. */
export interface TypeInformation<T> {
  /** As in `Types.STRING`. */
  readonly name: string;
  readonly serializer: TypeSerializer<T>;
  /** The hash code that Java gives the equal value; absent when the type can't be a key. */
  hashCode?(value: T): number;
}
