// Which Java classes of serializer snapshots are known, and how each is laid out.
import type { SnapshotForm, SnapshotForms } from '../api/serializer-snapshot.ts';
import { OWN_CLASS_PREFIX, STRUCT_CLASS } from '../bytes/snapshots.ts';

export type { OuterPart, SnapshotForm, SnapshotForms } from '../api/serializer-snapshot.ts';

export const BASE = 'org.apache.flink.api.common.typeutils.base';
export const RUNTIME = 'org.apache.flink.api.java.typeutils.runtime';
export const STATE = 'org.apache.flink.runtime.state';
export const WINDOWS = 'org.apache.flink.streaming.api.windowing.windows';
const OPERATORS = 'org.apache.flink.streaming.api.operators';

const SIMPLE: SnapshotForm = { kind: 'simple' };
const GENERIC: SnapshotForm = { kind: 'generic' };
const OWN: SnapshotForm = { kind: 'own' };
const COMPOSITE: SnapshotForm = { kind: 'composite', outer: 'none' };
const COMPOSITE_OF_CLASS: SnapshotForm = { kind: 'composite', outer: 'class' };

// Each `XSerializer` has a nested class `XSerializerSnapshot`.
const BASIC = [
  ...['BigDec', 'BigInt', 'Boolean', 'Byte', 'Char', 'Date', 'Double', 'Float', 'Instant', 'Int', 'LocalDate'],
  ...['LocalDateTime', 'LocalTime', 'Long', 'Short', 'SqlDate', 'SqlTime', 'SqlTimestamp', 'String', 'Void'],
  ...['BooleanValue', 'ByteValue', 'CharValue', 'DoubleValue', 'FloatValue', 'IntValue', 'LongValue', 'NullValue'],
  ...['ShortValue', 'StringValue', 'Variant', 'Bitmap'],
];

const PRIMITIVE_ARRAYS = ['Boolean', 'Byte', 'Char', 'Double', 'Float', 'Int', 'Long', 'Short'];

const KNOWN: SnapshotForms = new Map<string, SnapshotForm>([
  ...BASIC.map((name) => [`${BASE}.${name}Serializer$${name}SerializerSnapshot`, SIMPLE] as const),
  ...PRIMITIVE_ARRAYS.map((name) => [arrayClass(`${name}PrimitiveArray`), SIMPLE] as const),
  [arrayClass('StringArray'), SIMPLE],
  [`${RUNTIME}.Tuple0SerializerSnapshot`, SIMPLE],
  [`${STATE}.VoidNamespaceSerializer$VoidNamespaceSerializerSnapshot`, SIMPLE],
  [`${WINDOWS}.TimeWindow$Serializer$TimeWindowSerializerSnapshot`, SIMPLE],
  [`${WINDOWS}.GlobalWindow$Serializer$GlobalWindowSerializerSnapshot`, SIMPLE],
  [`${STATE}.JavaSerializer$JavaSerializerSnapshot`, SIMPLE],

  [`${BASE}.ListSerializerSnapshot`, COMPOSITE],
  [`${BASE}.MapSerializerSnapshot`, COMPOSITE],
  [`${BASE}.SetSerializerSnapshot`, COMPOSITE],
  [`${BASE}.GenericArraySerializerSnapshot`, COMPOSITE_OF_CLASS],
  [`${RUNTIME}.TupleSerializerSnapshot`, COMPOSITE_OF_CLASS],
  [`${RUNTIME}.RowSerializer$RowSerializerSnapshot`, { kind: 'composite', outer: 'row-kind' }],
  [`${RUNTIME}.NullableSerializer$NullableSerializerSnapshot`, { kind: 'composite', outer: 'padding' }],
  [`${RUNTIME}.JavaEitherSerializerSnapshot`, COMPOSITE],
  [`${STATE}.ArrayListSerializerSnapshot`, COMPOSITE],
  [`${STATE}.ttl.TtlStateFactory$TtlSerializerSnapshot`, COMPOSITE],
  [`${STATE}.v2.ttl.TtlStateFactory$TtlSerializerSnapshot`, COMPOSITE],
  [`${OPERATORS}.TimerSerializerSnapshot`, COMPOSITE],
  [`${OPERATORS}.co.IntervalJoinOperator$BufferEntrySerializerSnapshot`, COMPOSITE],
  [
    'org.apache.flink.streaming.runtime.streamrecord.StreamElementSerializer$StreamElementSerializerSnapshot',
    COMPOSITE,
  ],
  ['org.apache.flink.streaming.api.datastream.CoGroupedStreams$UnionSerializerSnapshot', COMPOSITE],

  [`${BASE}.EnumSerializer$EnumSerializerSnapshot`, { kind: 'enum' }],
  [`${RUNTIME}.PojoSerializerSnapshot`, { kind: 'pojo' }],
  [`${RUNTIME}.kryo.KryoSerializerSnapshot`, { kind: 'kryo' }],
  [`${RUNTIME}.ValueSerializer$ValueSerializerSnapshot`, GENERIC],
  [`${RUNTIME}.CopyableValueSerializer$CopyableValueSerializerSnapshot`, GENERIC],
  [STRUCT_CLASS, { kind: 'struct' }],
  [`${STATE}.ttl.TtlAwareSerializerSnapshot`, { kind: 'ttl-aware' }],
]);

function arrayClass(name: string): string {
  return `${BASE}.array.${name}Serializer$${name}SerializerSnapshot`;
}

/** How the snapshot of a class is laid out, where that is known. */
export function formOf(className: string, more: SnapshotForms | undefined): SnapshotForm | undefined {
  return more?.get(className) ?? KNOWN.get(className) ?? (className.startsWith(OWN_CLASS_PREFIX) ? OWN : undefined);
}
