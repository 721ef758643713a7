// What a stored serializer is called in messages: by the names in `Types` where there is one.
import type { CompositeSnapshot, OwnSnapshot, SerializerSnapshot } from '../api/serializer-snapshot.ts';
import { OWN_CLASS_PREFIX } from './snapshots.ts';

// By the last part of the class name, up to `Serializer`.
const SIMPLE: Readonly<Record<string, string>> = {
  ...{ String: 'STRING', Long: 'LONG', Int: 'INT', Short: 'SHORT', Byte: 'BYTE', Double: 'DOUBLE', Float: 'FLOAT' },
  ...{ Boolean: 'BOOLEAN', Char: 'CHAR', BigInt: 'BIG_INT', BigDec: 'BIG_DECIMAL', Date: 'DATE', Instant: 'INSTANT' },
  ...{ BytePrimitiveArray: 'BYTES', VoidNamespace: 'VOID' },
};
const COMPOSITES: Readonly<Record<string, string>> = {
  ...{ List: 'LIST', ArrayList: 'LIST', Map: 'MAP', Set: 'SET', Tuple: 'TUPLE', Row: 'ROW', Nullable: 'NULLABLE' },
  ...{ Ttl: 'TTL_VALUE', JavaEither: 'EITHER', GenericArray: 'OBJECT_ARRAY', StreamElement: 'STREAM_RECORD' },
};
const WINDOWS: Readonly<Record<string, string>> = { TimeWindow: 'TIME_WINDOW', GlobalWindow: 'GLOBAL_WINDOW' };
const FLINK_PREFIX = 'org.apache.flink.';
const OWN_NAME = /^rockstate\.(\w+)Serializer(?:\[(.*)\])?$/s;
const MOST_CHARACTERS = 80;

/** As in `MAP(STRING, LIST(INT))`. */
export function snapshotNameOf(snapshot: SerializerSnapshot): string {
  switch (snapshot.kind) {
    case 'simple': {
      const name = plainNameOf(snapshot.className);
      return SIMPLE[name] ?? WINDOWS[name] ?? snapshot.className;
    }
    case 'composite':
      return compositeNameOf(snapshot);
    case 'enum':
      return `ENUM(${snapshot.names.join(', ')})`;
    case 'struct':
      return `STRUCT(${snapshot.names.map((name, i) => `${name}: ${nestedNameOf(snapshot.nested[i])}`).join(', ')})`;
    case 'pojo':
      return `POJO(${snapshot.pojoClass})`;
    case 'generic':
    case 'kryo':
      return snapshot.typeClass;
    case 'own':
      return ownNameOf(snapshot);
  }
}

function compositeNameOf({ className, nested }: CompositeSnapshot): string {
  return `${COMPOSITES[plainNameOf(className)] ?? className}(${nested.map(snapshotNameOf).join(', ')})`;
}

function nestedNameOf(snapshot: SerializerSnapshot | undefined): string {
  return snapshot === undefined ? '?' : snapshotNameOf(snapshot);
}

// JSON, and JSON of 2 upgrades; of AVRO the schema's beginning.
function ownNameOf({ id }: OwnSnapshot): string {
  const [, format, settings] = OWN_NAME.exec(id) ?? [];
  if (format === undefined || !id.startsWith(OWN_CLASS_PREFIX)) {
    return id;
  }
  const name = settings === undefined ? format.toUpperCase() : `${format.toUpperCase()}(${settings})`;
  return name.length > MOST_CHARACTERS ? `${name.slice(0, MOST_CHARACTERS)}…` : name;
}

// `List` of `a.b.ListSerializerSnapshot`, `TimeWindow` of `a.b.TimeWindow$Serializer$TimeWindowSerializerSnapshot`; nothing of
// classes that are not Flink's.
function plainNameOf(className: string): string {
  const last = className.slice(Math.max(className.lastIndexOf('.'), className.lastIndexOf('$')) + 1);
  return className.startsWith(FLINK_PREFIX) ? last.replace(/Serializer(Snapshot)?$/, '') : '';
}
