// Names the byte format of a serializer that a savepoint describes, as serializers here name theirs.
import type { SerializerSnapshot } from '../api/serializer-snapshot.ts';

/** The `TypeSerializer.id` of the serializer that has this snapshot; of one that is not known here, a name that no other has. */
export function serializerIdOf(snapshot: SerializerSnapshot): string {
  const id = serializerClassOf(snapshot.className);
  switch (snapshot.kind) {
    case 'simple':
      return id;
    case 'composite':
      return `${id}[${snapshot.nested.map(serializerIdOf).join(',')}]`;
    case 'enum':
      return `${id}[${snapshot.names.map((name) => JSON.stringify(name)).join(',')}]`;
    case 'generic':
    case 'kryo':
      return `${id}[${snapshot.typeClass}]`;
    case 'pojo':
      return `${id}[${snapshot.pojoClass}]`;
    case 'own':
      return snapshot.id;
  }
}

// `a.X$XSnapshot`, `a.X$Serializer$XSerializerSnapshot` or `a.XSnapshot`.
function serializerClassOf(snapshotClass: string): string {
  const nested = snapshotClass.replace(/\$[^$]*Snapshot$/, '');
  return nested === snapshotClass ? snapshotClass.replace(/Snapshot$/, '') : nested;
}
