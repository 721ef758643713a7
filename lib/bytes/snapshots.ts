// What savepoints say of serializers: snapshots under the names of Flink's classes, or our own.
import type {
  CompositeSnapshot,
  EnumSnapshot,
  OwnSnapshot,
  SerializerSnapshot,
  SimpleSnapshot,
  StructSnapshot,
} from '../api/serializer-snapshot.ts';
import type { TypeSerializer } from '../api/type-information.ts';

/** A serializer, as far as its snapshot goes. */
export type Described = Pick<TypeSerializer<unknown>, 'id' | 'snapshot'>;

/** How the names of the classes of our own snapshots begin. */
export const OWN_CLASS_PREFIX = 'rockstate.';
/** The class of the snapshots of structs, which is also how the ids of their serializers begin. */
export const STRUCT_CLASS: string = `${OWN_CLASS_PREFIX}StructSerializer`;
/** The version of the format of those. */
export const STRUCT_VERSION = 1;
/** The class name for serializers of programs. */
const CUSTOM_CLASS = `${OWN_CLASS_PREFIX}CustomSerializer`;
const OWN_VERSION = 1;
// Of all simple and all composite snapshots that Flink writes since 1.8.
const FLINK_VERSION = 3;

const ENUM_SNAPSHOT_CLASS = 'org.apache.flink.api.common.typeutils.base.EnumSerializer$EnumSerializerSnapshot';

/** @param serializerClass - `a.b.XSerializer`, whose snapshot usually is its nested class `XSerializerSnapshot`. */
export function simpleSnapshot(
  serializerClass: string,
  nestedName = `${serializerClass.slice(serializerClass.lastIndexOf('.') + 1)}Snapshot`,
): SimpleSnapshot {
  return { kind: 'simple', className: `${serializerClass}$${nestedName}`, version: FLINK_VERSION };
}

export function compositeSnapshot(
  composite: Pick<CompositeSnapshot, 'className' | 'outerVersion' | 'outer'>,
  nested: readonly Described[],
): CompositeSnapshot {
  return { kind: 'composite', version: FLINK_VERSION, ...composite, nested: nested.map(snapshotOf) };
}

/** @param enumClass - the class that Flink loads the constants from. */
export function enumSnapshot(enumClass: string, names: readonly string[]): EnumSnapshot {
  return { kind: 'enum', className: ENUM_SNAPSHOT_CLASS, version: FLINK_VERSION, enumClass, names };
}

/** @param nested - the serializers of the fields, in the order of their names. */
export function structSnapshot(names: readonly string[], nested: readonly Described[]): StructSnapshot {
  return { kind: 'struct', className: STRUCT_CLASS, version: STRUCT_VERSION, names, nested: nested.map(snapshotOf) };
}

/** What is stored of a serializer: its `snapshot`, or its `id` where it has none. */
export function snapshotOf(serializer: Pick<TypeSerializer<unknown>, 'id' | 'snapshot'>): SerializerSnapshot {
  return serializer.snapshot ?? ownSnapshot(serializer.id);
}

function ownSnapshot(id: string): OwnSnapshot {
  const className = id.startsWith(OWN_CLASS_PREFIX) ? (id.split('[', 1)[0] as string) : CUSTOM_CLASS;
  return { kind: 'own', className, version: OWN_VERSION, id };
}
