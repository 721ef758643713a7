// The built-in types.
import type { TypeInformation } from '../api/type-information.ts';
import { type AvroType, avroType } from './avro-type.ts';
import { bigIntSerializer } from './big-int-serializer.ts';
import { bytesSerializer } from './bytes-serializer.ts';
import { charSerializer } from './char-serializer.ts';
import { dateSerializer } from './date-serializer.ts';
import { enumType } from './enum-type.ts';
import { floatSerializer } from './float-serializer.ts';
import { type GlobalWindow, globalWindowHashCode, globalWindowSerializer } from './global-window.ts';
import { type Instant, instantSerializer } from './instant-serializer.ts';
import { byteSerializer, intSerializer, shortSerializer } from './integer-serializers.ts';
import {
  bigIntegerHashCode,
  bigintHashCode,
  booleanHashCode,
  bytesHashCode,
  charHashCode,
  dateHashCode,
  doubleHashCode,
  floatHashCode,
  instantHashCode,
  intHashCode,
  longHashCode,
  stringHashCode,
} from './java-hash-code.ts';
import { jsonSerializer } from './json-serializer.ts';
import { listType } from './list-type.ts';
import { mapType } from './map-type.ts';
import { msgpackSerializer } from './msgpack-serializer.ts';
import type { TypesOf } from './nested.ts';
import { nullableType } from './nullable-type.ts';
import { bigintSerializer, booleanSerializer, doubleSerializer, longSerializer } from './number-serializers.ts';
import { type ProtobufCodec, protobufType } from './protobuf-type.ts';
import { type NullableFields, type Row, rowType } from './row-type.ts';
import { stringSerializer } from './string-serializer.ts';
import { type StructFields, structType } from './struct-type.ts';
import { structuredSerializer } from './structured-serializer.ts';
import { type TimeWindow, timeWindowHashCode, timeWindowSerializer } from './time-window.ts';
import { tupleType } from './tuple-type.ts';
import { type UpgradeOptions, upgradedType } from './upgraded-type.ts';
import { voidNamespaceSerializer } from './void-namespace-serializer.ts';

/**
 * What {@link Types} offers.
 *
 * The bytes and hash codes are those of Flink's type of the same name, unless it says otherwise. A value that can't be
 * stored without loss is refused with a `SerializationError`, which names the place in a nested value. Types made of
 * other types can be keys when all of those can.
 */
export interface BuiltInTypes {
  /** Any string. */
  readonly STRING: TypeInformation<string>;
  /** A 64-bit integer as a number; only safe integers. */
  readonly LONG: TypeInformation<number>;
  /** A 64-bit integer as a bigint. Bytes and hash are those of Flink's `Types.LONG`. */
  readonly BIGINT: TypeInformation<bigint>;
  /** An integer of 32 bits. */
  readonly INT: TypeInformation<number>;
  /** An integer of 16 bits. */
  readonly SHORT: TypeInformation<number>;
  /** An integer of 8 bits, from -128 to 127. */
  readonly BYTE: TypeInformation<number>;
  /** Any number. */
  readonly DOUBLE: TypeInformation<number>;
  /** A number that 32 bits hold exactly, such as `Math.fround` gives. */
  readonly FLOAT: TypeInformation<number>;
  /** `true` or `false`. */
  readonly BOOLEAN: TypeInformation<boolean>;
  /** A string of one UTF-16 unit. */
  readonly CHAR: TypeInformation<string>;
  /** A bigint of any size: Java's `BigInteger`. */
  readonly BIG_INT: TypeInformation<bigint>;
  /** A valid `Date`: Java's `java.util.Date`. */
  readonly DATE: TypeInformation<Date>;
  /** A point in time with nanoseconds. */
  readonly INSTANT: TypeInformation<Instant>;
  /** A `Uint8Array`. Bytes are those of Flink's `byte[]`; as a key it is hashed by content, which Flink can't do. */
  readonly BYTES: TypeInformation<Uint8Array>;
  /**
   * A span of time, as `{ start, end }` in milliseconds since 1970: the namespace of state in a window.
   *
   * @example
   * ```ts
   * const namespace = { start: 0, end: 60_000 };
   * const count = keyed.getPartitionedState(descriptor, { namespace, namespaceType: Types.TIME_WINDOW });
   * ```
   */
  readonly TIME_WINDOW: TypeInformation<TimeWindow>;
  /** The one window that everything is in, as `'GlobalWindow'`. */
  readonly GLOBAL_WINDOW: TypeInformation<GlobalWindow>;
  /** Nothing, as `undefined`: the namespace of timers, and of state, that have none. It can't be a key. */
  readonly VOID: TypeInformation<undefined>;

  /** An array of elements of one type. */
  LIST<E>(element: TypeInformation<E>): TypeInformation<E[]>;
  /**
   * A `Map`. Entries keep their order. JavaScript tells keys that are objects apart by identity, so a map may have two keys
   * that are equal in Java.
   *
   * Values may be null when their type is `NULLABLE`; Flink's maps have a place for that, so the bytes are the same with it
   * and without.
   */
  MAP<K, V>(key: TypeInformation<K>, value: TypeInformation<V>): TypeInformation<Map<K, V>>;
  /**
   * An array with a type for each place; 1 to 25 places, as Flink has it.
   *
   * @example
   * ```ts
   * const visits = Types.TUPLE(Types.STRING, Types.INT); // TypeInformation<[string, number]>
   * ```
   */
  TUPLE<T extends unknown[]>(...types: TypesOf<T>): TypeInformation<T>;
  /** A row of a table, as `{ kind, fields }`. Any field may be null, so `NULLABLE` adds nothing to its type. */
  ROW<T extends unknown[]>(...types: TypesOf<T>): TypeInformation<Row<NullableFields<T>>>;
  /**
   * A plain object with a type for each of its fields; rockstate's own format, as compact as a `TUPLE`. Stored values follow
   * the fields by their names: fields may be added with a default, removed, moved, widened and made `NULLABLE`.
   *
   * A value must have all fields that have no default, and no others. Fields that are left out come back with their default.
   *
   * @throws TypeError `ERR_INVALID_TYPE` when there is no field, or a default that its type can't hold.
   * @example
   * ```ts
   * const person = Types.STRUCT({
   *   name: Types.STRING,
   *   age: { type: Types.INT, default: 0 },
   *   email: Types.NULLABLE(Types.STRING), // null by default
   * });
   * ```
   */
  STRUCT<T extends object>(fields: StructFields<T>): TypeInformation<T>;
  /** A value or null. Bytes are those of Flink's `NullableSerializer` without padding. */
  NULLABLE<T>(type: TypeInformation<T>): TypeInformation<T | null>;
  /**
   * One of some names, stored as its place among them. Names may be added anywhere: those that state has been stored with
   * keep their numbers. It can't be a key, as Java's enums have no stable hash code.
   */
  ENUM<N extends string>(...names: readonly N[]): TypeInformation<N>;
  /**
   * An `ENUM` that Flink can restore from a savepoint: it looks for the constants in a class of the Java program.
   *
   * @param javaClass - the binary name of Java's enum, with `$` before a nested one: `com.example.Order$State`.
   */
  ENUM_OF<N extends string>(javaClass: string, ...names: readonly N[]): TypeInformation<N>;

  /**
   * Plain objects and arrays of strings, finite numbers, booleans and null, as JSON. It can't be a key, as equal objects may
   * differ in text.
   *
   * What JSON would drop or change is refused: `undefined` (leave the property out), NaN, bigints, Dates, Maps and Sets,
   * instances of classes, functions. Not looked at are what JSON ignores everywhere: symbols as names, properties that are not
   * enumerable, names that an array has beside its elements, and the sign of -0.
   *
   * @typeParam T - the shape that the program keeps to; it is not checked.
   * @param options - how values that were stored with another shape become values of this one.
   * @example
   * ```ts
   * interface Person { name: string; tags: string[] }
   * const person = Types.JSON<Person>({
   *   upgrades: [
   *     (v0: { first: string; last: string }) => ({ name: `${v0.first} ${v0.last}` }),
   *     (v1: { name: string }) => ({ ...v1, tags: [] }),
   *   ],
   * });
   * ```
   */
  JSON<T>(options?: UpgradeOptions): TypeInformation<T>;
  /**
   * Plain objects and arrays of strings, numbers, bigints, booleans, null, undefined, Dates and Uint8Arrays, as MessagePack;
   * rockstate's own format. Smaller than JSON. -0 comes back as 0, and a Uint8Array as a Buffer. It can't be a key.
   *
   * @typeParam T - the shape that the program keeps to; it is not checked.
   * @param options - how values that were stored with another shape become values of this one, as of `JSON`.
   */
  MSGPACK<T>(options?: UpgradeOptions): TypeInformation<T>;
  /**
   * What `structuredClone` can copy (Maps, Sets, cycles, typed arrays, errors, …), in the format of `node:v8`; rockstate's own
   * format. Newer releases of Node.js read what older ones wrote, but not always the other way round. It can't be a key.
   *
   * @typeParam T - the shape that the program keeps to; it is not checked.
   * @param options - how values that were stored with another shape become values of this one, as of `JSON`.
   */
  STRUCTURED<T>(options?: UpgradeOptions): TypeInformation<T>;
  /**
   * A Protocol Buffers message behind its length; rockstate's own format. Its schema may change as Protocol Buffers allow. It
   * can't be a key, as equal messages may differ in bytes.
   *
   * @param codec - the message type of protobufjs, ts-proto or protobuf-ts; for `@bufbuild/protobuf`, an object that calls it.
   * @example
   * ```ts
   * const order = Types.PROTOBUF({
   *   typeName: OrderSchema.typeName,
   *   toBinary: (message: Order) => toBinary(OrderSchema, message),
   *   fromBinary: (bytes) => fromBinary(OrderSchema, bytes),
   * });
   * ```
   */
  PROTOBUF<T>(codec: ProtobufCodec<T>): TypeInformation<T>;
  /**
   * An Avro value behind its length; rockstate's own format. It can't be a key.
   *
   * @param type - a type of avsc, as `avro.Type.forSchema` gives. Its schema is part of the format; what was stored with
   *   another one is read as Avro resolves schemas: by names and aliases, with defaults and promotions.
   */
  AVRO<T>(type: AvroType<T>): TypeInformation<T>;
}

const json: TypeInformation<unknown> = { name: 'JSON', serializer: jsonSerializer };
const msgpack: TypeInformation<unknown> = { name: 'MSGPACK', serializer: msgpackSerializer };
const structured: TypeInformation<unknown> = { name: 'STRUCTURED', serializer: structuredSerializer };

/** The built-in types of keys and values. */
export const Types: BuiltInTypes = {
  STRING: { name: 'STRING', serializer: stringSerializer, hashCode: stringHashCode },
  LONG: { name: 'LONG', serializer: longSerializer, hashCode: longHashCode },
  BIGINT: { name: 'BIGINT', serializer: bigintSerializer, hashCode: bigintHashCode },
  INT: { name: 'INT', serializer: intSerializer, hashCode: intHashCode },
  SHORT: { name: 'SHORT', serializer: shortSerializer, hashCode: intHashCode },
  BYTE: { name: 'BYTE', serializer: byteSerializer, hashCode: intHashCode },
  DOUBLE: { name: 'DOUBLE', serializer: doubleSerializer, hashCode: doubleHashCode },
  FLOAT: { name: 'FLOAT', serializer: floatSerializer, hashCode: floatHashCode },
  BOOLEAN: { name: 'BOOLEAN', serializer: booleanSerializer, hashCode: booleanHashCode },
  CHAR: { name: 'CHAR', serializer: charSerializer, hashCode: charHashCode },
  BIG_INT: { name: 'BIG_INT', serializer: bigIntSerializer, hashCode: bigIntegerHashCode },
  DATE: { name: 'DATE', serializer: dateSerializer, hashCode: dateHashCode },
  INSTANT: { name: 'INSTANT', serializer: instantSerializer, hashCode: instantHashCode },
  BYTES: { name: 'BYTES', serializer: bytesSerializer, hashCode: bytesHashCode },
  TIME_WINDOW: { name: 'TIME_WINDOW', serializer: timeWindowSerializer, hashCode: timeWindowHashCode },
  GLOBAL_WINDOW: { name: 'GLOBAL_WINDOW', serializer: globalWindowSerializer, hashCode: globalWindowHashCode },
  VOID: { name: 'VOID', serializer: voidNamespaceSerializer },
  LIST: listType,
  MAP: mapType,
  TUPLE: (...types) => tupleType(types),
  ROW: (...types) => rowType(types),
  STRUCT: structType,
  NULLABLE: nullableType,
  ENUM: (...names) => enumType(names),
  ENUM_OF: (javaClass, ...names) => enumType(names, javaClass),
  JSON: <T>(options?: UpgradeOptions) => upgradedType(json, options) as TypeInformation<T>,
  MSGPACK: <T>(options?: UpgradeOptions) => upgradedType(msgpack, options) as TypeInformation<T>,
  STRUCTURED: <T>(options?: UpgradeOptions) => upgradedType(structured, options) as TypeInformation<T>,
  PROTOBUF: protobufType,
  AVRO: avroType,
};
