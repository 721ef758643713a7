// Names the byte format of a serializer that a savepoint describes, as serializers here name theirs.
import type { OptionalEntry, SerializerSnapshot } from '../api/serializer-snapshot.ts';
import { readVersionedSnapshot } from './read-serializer-snapshot.ts';
import { SavepointInput } from './savepoint-input.ts';
import { RUNTIME } from './snapshot-classes.ts';

/**
 * The `TypeSerializer.id` of the serializer that has this snapshot; of one that is not known here, a name that no other has.
 *
 * @param given - answers the id where a program says which type reads a class.
 */
export function serializerIdOf(
  snapshot: SerializerSnapshot,
  given?: (snapshot: SerializerSnapshot) => string | undefined,
): string {
  const ofProgram = given?.(snapshot);
  if (ofProgram !== undefined) {
    return ofProgram;
  }
  const id = serializerClassOf(snapshot.className);
  switch (snapshot.kind) {
    case 'simple':
      return id;
    case 'composite':
      return `${id}[${snapshot.nested.map((nested) => serializerIdOf(nested, given)).join(',')}]`;
    case 'enum':
      return `${id}[${snapshot.names.map((name) => JSON.stringify(name)).join(',')}]`;
    case 'generic':
    case 'kryo':
      return `${id}[${snapshot.typeClass}]`;
    case 'pojo':
      return pojoIdOf(
        snapshot.pojoClass,
        snapshot.fields.map((field) => [field.name, fieldIdOf(field, given)]),
      );
    case 'own':
      return snapshot.id;
  }
}

/** The id of a serializer of a Java class by its fields: other fields are another format. */
export function pojoIdOf(pojoClass: string, fields: readonly (readonly [name: string, id: string])[]): string {
  return `${RUNTIME}.PojoSerializer[${pojoClass}{${fields.map(([name, id]) => `${name}:${id}`).join(',')}}]`;
}

function fieldIdOf(
  { name, value }: OptionalEntry,
  given: ((snapshot: SerializerSnapshot) => string | undefined) | undefined,
): string {
  try {
    const input = new SavepointInput(value ?? new Uint8Array(0), `the snapshot of field '${name}'`);
    return serializerIdOf(readVersionedSnapshot(input), given);
  } catch {
    // Of a class that is not known: its bytes are as good a name.
    return Buffer.from(value ?? []).toString('base64');
  }
}

// `a.X$XSnapshot`, `a.X$Serializer$XSerializerSnapshot` or `a.XSnapshot`.
function serializerClassOf(snapshotClass: string): string {
  const nested = snapshotClass.replace(/\$[^$]*Snapshot$/, '');
  return nested === snapshotClass ? snapshotClass.replace(/Snapshot$/, '') : nested;
}
