// Which type reads what a serializer of Flink wrote, by the class of its snapshot.
import type { CompositeSnapshot } from '../api/serializer-snapshot.ts';
import type { TypeInformation, TypeSerializer } from '../api/type-information.ts';
import { ttlValueType } from '../bytes/ttl-value.ts';
import { Types } from '../bytes/types.ts';
import { voidNamespaceSerializer } from '../bytes/void-namespace-serializer.ts';
import { arrayType, eitherType, objectArrayType, paddedNullableType, setType } from './java-collections.ts';
import {
  BIG_DECIMAL,
  JAVA_LONG,
  LOCAL_DATE,
  LOCAL_DATE_TIME,
  LOCAL_TIME,
  NULLABLE_STRING,
  SQL_DATE,
  SQL_TIME,
  SQL_TIMESTAMP,
  TUPLE_0,
  VOID,
} from './java-types.ts';
import { BASE, RUNTIME, STATE, WINDOWS } from './snapshot-classes.ts';
import { streamRecordType } from './stream-record-type.ts';
import { timerSerializer } from './timers.ts';

/** Any type. */
export type AnyType = TypeInformation<unknown>;

const VOID_NAMESPACE: TypeInformation<undefined> = { name: 'VOID_NAMESPACE', serializer: voidNamespaceSerializer };

// By the name before `Serializer$…SerializerSnapshot`.
const BASIC: Readonly<Record<string, unknown>> = {
  BigDec: BIG_DECIMAL,
  BigInt: Types.BIG_INT,
  Boolean: Types.BOOLEAN,
  Byte: Types.BYTE,
  Char: Types.CHAR,
  Date: Types.DATE,
  Double: Types.DOUBLE,
  Float: Types.FLOAT,
  Instant: Types.INSTANT,
  Int: Types.INT,
  LocalDate: LOCAL_DATE,
  LocalDateTime: LOCAL_DATE_TIME,
  LocalTime: LOCAL_TIME,
  Long: JAVA_LONG,
  Short: Types.SHORT,
  SqlDate: SQL_DATE,
  SqlTime: SQL_TIME,
  SqlTimestamp: SQL_TIMESTAMP,
  String: Types.STRING,
  Void: VOID,
};

const ARRAYS: Readonly<Record<string, unknown>> = {
  BooleanPrimitive: arrayType(Types.BOOLEAN),
  BytePrimitive: Types.BYTES,
  CharPrimitive: arrayType(Types.CHAR),
  DoublePrimitive: arrayType(Types.DOUBLE),
  FloatPrimitive: arrayType(Types.FLOAT),
  IntPrimitive: arrayType(Types.INT),
  LongPrimitive: arrayType(JAVA_LONG),
  ShortPrimitive: arrayType(Types.SHORT),
  String: arrayType(NULLABLE_STRING),
};

const SIMPLE_TYPES: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ...Object.entries(BASIC).map(
    ([name, type]) => [`${BASE}.${name}Serializer$${name}SerializerSnapshot`, type] as const,
  ),
  ...Object.entries(ARRAYS).map(
    ([name, type]) => [`${BASE}.array.${name}ArraySerializer$${name}ArraySerializerSnapshot`, type] as const,
  ),
  [`${RUNTIME}.Tuple0SerializerSnapshot`, TUPLE_0],
  [`${STATE}.VoidNamespaceSerializer$VoidNamespaceSerializerSnapshot`, VOID_NAMESPACE],
  [`${WINDOWS}.TimeWindow$Serializer$TimeWindowSerializerSnapshot`, Types.TIME_WINDOW],
  [`${WINDOWS}.GlobalWindow$Serializer$GlobalWindowSerializerSnapshot`, Types.GLOBAL_WINDOW],
]);

/** The type of a serializer without settings, where it is known. */
export function simpleTypeOf(className: string): AnyType | undefined {
  return SIMPLE_TYPES.get(className) as AnyType | undefined;
}

// Rows before this version had no kind.
const FIRST_ROW_VERSION_WITH_KIND = 3;

/** How many nested serializers there must be, and what is made of their types; undefined where that can't be read. */
interface Maker {
  readonly parts: number | undefined;
  make(parts: readonly AnyType[], snapshot: CompositeSnapshot): unknown;
}

const MAKERS: ReadonlyMap<string, Maker> = new Map<string, Maker>([
  [`${BASE}.ListSerializerSnapshot`, { parts: 1, make: ([element]) => Types.LIST(element as AnyType) }],
  [`${STATE}.ArrayListSerializerSnapshot`, { parts: 1, make: ([element]) => Types.LIST(element as AnyType) }],
  [
    `${BASE}.MapSerializerSnapshot`,
    { parts: 2, make: ([key, value]) => Types.MAP(key as AnyType, Types.NULLABLE(value as AnyType)) },
  ],
  [`${BASE}.SetSerializerSnapshot`, { parts: 1, make: ([element]) => setType(element as AnyType) }],
  [`${BASE}.GenericArraySerializerSnapshot`, { parts: 1, make: ([element]) => objectArrayType(element as AnyType) }],
  [`${RUNTIME}.TupleSerializerSnapshot`, { parts: undefined, make: (fields) => Types.TUPLE(...fields) }],
  [`${RUNTIME}.RowSerializer$RowSerializerSnapshot`, { parts: undefined, make: makeRow }],
  [`${RUNTIME}.NullableSerializer$NullableSerializerSnapshot`, { parts: 1, make: makeNullable }],
  [
    `${RUNTIME}.JavaEitherSerializerSnapshot`,
    { parts: 2, make: ([left, right]) => eitherType(left as AnyType, right as AnyType) },
  ],
  [
    `${STATE}.ttl.TtlStateFactory$TtlSerializerSnapshot`,
    { parts: 2, make: ([, value]) => ttlValueType(value as AnyType) },
  ],
  [
    `${STATE}.v2.ttl.TtlStateFactory$TtlSerializerSnapshot`,
    { parts: 2, make: ([, value]) => ttlValueType(value as AnyType) },
  ],
  [
    'org.apache.flink.streaming.runtime.streamrecord.StreamElementSerializer$StreamElementSerializerSnapshot',
    { parts: 1, make: ([value]) => streamRecordType(value as AnyType) },
  ],
  ['org.apache.flink.streaming.api.operators.TimerSerializerSnapshot', { parts: 2, make: makeTimer }],
]);

/**
 * The type of a serializer that is made of others, where it is known.
 *
 * @throws TypeError or SerializationError when its parts do not fit.
 */
export function compositeTypeOf(snapshot: CompositeSnapshot, parts: readonly AnyType[]): AnyType | undefined {
  const maker = MAKERS.get(snapshot.className);
  if (maker === undefined || (maker.parts !== undefined && maker.parts !== parts.length)) {
    return undefined;
  }
  return maker.make(parts, snapshot) as AnyType | undefined;
}

function makeRow(fields: readonly AnyType[], { outer, outerVersion }: CompositeSnapshot): unknown {
  const hasKind = outer ?? outerVersion >= FIRST_ROW_VERSION_WITH_KIND;
  return hasKind === true ? Types.ROW(...fields) : undefined;
}

function makeNullable([type]: readonly AnyType[], { outer }: CompositeSnapshot): unknown {
  return outer === 0 ? Types.NULLABLE(type as AnyType) : paddedNullableType(type as AnyType, Number(outer));
}

function makeTimer([key, namespace]: readonly AnyType[]): AnyType {
  const serializer = timerSerializer((key as AnyType).serializer, (namespace as AnyType).serializer);
  return { name: `TIMER(${key?.name}, ${namespace?.name})`, serializer: serializer as TypeSerializer<unknown> };
}
