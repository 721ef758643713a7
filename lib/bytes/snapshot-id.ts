// Names the byte format of a serializer by its snapshot, as serializers here name theirs.
import type { SerializerSnapshot } from '../api/serializer-snapshot.ts';
import { STRUCT_CLASS } from './snapshots.ts';

/**
 * The `TypeSerializer.id` of the serializer that has this snapshot; of one that is not known here, a name that no other has.
 *
 * @param given - answers the id of snapshots that it knows better.
 */
export function snapshotIdOf(
  snapshot: SerializerSnapshot,
  given?: (snapshot: SerializerSnapshot) => string | undefined,
): string {
  const known = given?.(snapshot);
  if (known !== undefined) {
    return known;
  }
  const id = serializerClassOf(snapshot.className);
  switch (snapshot.kind) {
    case 'simple':
      return id;
    case 'composite':
      return `${id}[${snapshot.nested.map((nested) => snapshotIdOf(nested, given)).join(',')}]`;
    case 'enum':
      return `${id}[${snapshot.names.map((name) => JSON.stringify(name)).join(',')}]`;
    case 'generic':
    case 'kryo':
      return `${id}[${snapshot.typeClass}]`;
    case 'pojo':
      return `${id}[${snapshot.pojoClass}]`;
    case 'struct':
      return structIdOf(
        snapshot.names,
        snapshot.nested.map((nested) => snapshotIdOf(nested, given)),
      );
    case 'own':
      return snapshot.id;
  }
}

/** @param ids - of the serializers of the fields, in the order of their names. */
export function structIdOf(names: readonly string[], ids: readonly string[]): string {
  return `${STRUCT_CLASS}[${names.map((name, index) => `${JSON.stringify(name)}:${ids[index]}`).join(',')}]`;
}

// `a.X$XSnapshot`, `a.X$Serializer$XSerializerSnapshot` or `a.XSnapshot`.
function serializerClassOf(snapshotClass: string): string {
  const nested = snapshotClass.replace(/\$[^$]*Snapshot$/, '');
  return nested === snapshotClass ? snapshotClass.replace(/Snapshot$/, '') : nested;
}
