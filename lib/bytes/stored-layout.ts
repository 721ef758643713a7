// How the bytes of a value that is stored can be walked, by the snapshot of the serializer that wrote it.
import type { CompositeSnapshot, SerializerSnapshot, SimpleSnapshot } from '../api/serializer-snapshot.ts';
import { OWN_CLASS_PREFIX } from './snapshots.ts';
import { BIG_INTEGER_LAYOUT, fixedLayout, SIZED_LAYOUT, STRING_LAYOUT } from './value-layout.ts';

// By the last part of the class name, up to `Serializer`. Nulls of Java have bytes of their own within these.
const FIXED_BYTES: Readonly<Record<string, number>> = {
  ...{ Boolean: 1, Byte: 1, Char: 2, Short: 2, Int: 4, Float: 4, Long: 8, Double: 8, Date: 8, Instant: 12 },
  ...{ SqlDate: 8, SqlTime: 8, SqlTimestamp: 12, LocalDate: 6, LocalTime: 7, LocalDateTime: 13, Void: 1 },
  ...{ VoidNamespace: 1, TimeWindow: 16, GlobalWindow: 1, Tuple0: 1 },
};
const ARRAY_ELEMENT_BYTES: Readonly<Record<string, number>> = {
  ...{ BooleanPrimitiveArray: 1, CharPrimitiveArray: 2, ShortPrimitiveArray: 2 },
  ...{ IntPrimitiveArray: 4, FloatPrimitiveArray: 4, LongPrimitiveArray: 8, DoublePrimitiveArray: 8 },
};
const VARIABLE: Readonly<Record<string, string>> = {
  ...{ String: STRING_LAYOUT, StringArray: `L${STRING_LAYOUT}` },
  ...{ BigInt: BIG_INTEGER_LAYOUT, BytePrimitiveArray: SIZED_LAYOUT },
};
const FLINK_NAME = /^org\.apache\.flink\..*?(\w+)Serializer(?:Snapshot)?$/;
// Rows before this version had no kind.
const FIRST_ROW_VERSION_WITH_KIND = 3;
// What this project's serializers write behind their length: not those of programs.
const SIZED_CLASSES: ReadonlySet<string> = new Set(
  ['Json', 'Msgpack', 'Structured', 'Protobuf', 'Avro'].map((name) => `${OWN_CLASS_PREFIX}${name}Serializer`),
);

/** As `TypeSerializer.layout`; undefined where nothing tells. */
export function storedLayoutOf(snapshot: SerializerSnapshot): string | undefined {
  switch (snapshot.kind) {
    case 'simple':
      return simpleLayoutOf(snapshot);
    case 'composite':
      return compositeLayoutOf(snapshot);
    case 'enum':
      return fixedLayout(4);
    case 'struct':
      return sequenceLayoutOf('T', snapshot.nested);
    case 'own':
      return SIZED_CLASSES.has(snapshot.className) ? SIZED_LAYOUT : undefined;
    default:
      return undefined;
  }
}

function simpleLayoutOf({ className }: SimpleSnapshot): string | undefined {
  const name = nameOf(className);
  const variable = VARIABLE[name];
  if (variable !== undefined) {
    return variable;
  }
  const bytes = FIXED_BYTES[name];
  const elementBytes = ARRAY_ELEMENT_BYTES[name];
  if (elementBytes !== undefined) {
    return `L${fixedLayout(elementBytes)}`;
  }
  return bytes === undefined ? undefined : fixedLayout(bytes);
}

function compositeLayoutOf(snapshot: CompositeSnapshot): string | undefined {
  const { className, nested, outer, outerVersion } = snapshot;
  const of = (letter: string, parts: number) => (nested.length === parts ? joined(letter, nested) : undefined);
  switch (nameOf(className)) {
    case 'List':
    case 'ArrayList':
      return of('L', 1);
    case 'Set':
      return of('L?', 1);
    case 'Map':
      return of('M', 2);
    case 'Tuple':
    case 'Ttl':
      return sequenceLayoutOf('T', nested);
    case 'Nullable':
      return outer === 0 ? of('?', 1) : undefined;
    case 'Row':
      return (outer ?? outerVersion >= FIRST_ROW_VERSION_WITH_KIND) === true
        ? sequenceLayoutOf('R', nested)
        : undefined;
    default:
      return undefined;
  }
}

function sequenceLayoutOf(letter: 'T' | 'R', nested: readonly SerializerSnapshot[]): string | undefined {
  return joined(`${letter}${nested.length}.`, nested);
}

function joined(head: string, nested: readonly SerializerSnapshot[]): string | undefined {
  const layouts = nested.map(storedLayoutOf);
  return layouts.includes(undefined) ? undefined : `${head}${layouts.join('')}`;
}

// `Int` of `org.apache.flink.a.IntSerializer$IntSerializerSnapshot`; nothing for classes that are not Flink's.
function nameOf(className: string): string {
  return FLINK_NAME.exec(className)?.[1] ?? '';
}
